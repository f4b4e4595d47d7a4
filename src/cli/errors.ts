/** Error codes of `cli`; docs/reference/errors.md lists them for users. */
export const cliErrorCodes = {
  FLAG_PAIR: "a flag that takes NAME=value got something else",
  ENV_BOOLEAN: "an environment variable that is true or false has another value",
  FLAG_SUMMARY_MODE: "--summary-mode, or K6_SUMMARY_MODE, is not compact, full or disabled",
  FLAG_STAGE: "--stage got something that is not duration:target",
} as const;

export type CliErrorCode = keyof typeof cliErrorCodes;
