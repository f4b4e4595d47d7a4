/** Error codes of `outputs`; docs/reference/errors.md lists them for users. */
export const outputsErrorCodes = {
  OUTPUT_UNKNOWN: "--out names an output that does not exist",
  OUTPUT_REMOVED: "--out names an output that k6 no longer has",
  OUTPUT_NOT_YET: "--out names an output of k6 that lakh does not have",
  OUTPUT_ARGUMENT: "the argument or a variable of an output cannot be read",
  OUTPUT_OPEN: "a file that an output, or the log, is to be written to cannot be opened",
} as const;

export type OutputsErrorCode = keyof typeof outputsErrorCodes;
