/** Error codes of `cli`; docs/reference/errors.md lists them for users. */
export const cliErrorCodes = {
  ENV_BOOLEAN: "an environment variable that is a boolean got something else",
  FLAG_BOOLEAN: "a flag that is true or false got something else",
  FLAG_PAIR: "a flag that takes NAME=value got something else",
  FLAG_UNSUPPORTED: "a flag of k6 asks for something that lakh cannot do",
  FLAG_STAGE: "--stage got something that is not duration:target",
} as const;

export type CliErrorCode = keyof typeof cliErrorCodes;
