/** Error codes of `cli`; docs/reference/errors.md lists them for users. */
export const cliErrorCodes = {
  FLAG_PAIR: "a flag that takes NAME=value got something else",
  FLAG_COMPATIBILITY_MODE: "--compatibility-mode got a mode that k6 does not have",
  FLAG_STAGE: "--stage got something that is not duration:target",
} as const;

export type CliErrorCode = keyof typeof cliErrorCodes;
