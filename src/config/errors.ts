/** Error codes of `config`; docs/reference/errors.md lists them for users. */
export const configErrorCodes = {
  LAKH_CONFIG_NOT_FOUND: "lakh's config file does not exist or cannot be read",
  LAKH_CONFIG_SYNTAX: "lakh's config file, or a module it imports, cannot be parsed or bundled",
  LAKH_CONFIG_THREW: "lakh's config file threw while it was read",
  LAKH_CONFIG_INVALID: "a field of lakh's config file is unknown, missing or has a wrong value",
} as const;

export type ConfigErrorCode = keyof typeof configErrorCodes;
