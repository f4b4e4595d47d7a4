/** Error codes of `record`; docs/reference/errors.md lists them for users. */
export const recordErrorCodes = {
  RECORD_WRITE: "the run folder cannot be made or written",
  RECORD_NOT_FOUND: "there is no run record of that name",
  RECORD_INVALID: "a run record is damaged, or of another version of lakh",
} as const;
