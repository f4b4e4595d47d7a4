/** Error codes of `record`; docs/reference/errors.md lists them for users. */
export const recordErrorCodes = {
  RECORD_WRITE: "the run folder cannot be made or written",
  BASELINE_WRITE: "the file of --save-baseline cannot be written",
  RECORD_NOT_FOUND: "there is no run record of that name",
  RECORD_UNFINISHED: "the latest run left no record: it is still going on, or was killed",
  RECORD_INVALID: "a run record is damaged or edited",
  CAMPAIGN_NOT_FOUND: "there is no campaign of that name to resume or to report",
  CAMPAIGN_INVALID: "the state of a campaign is damaged or edited",
  RECORD_VERSION: "a run record was written by another version of lakh",
} as const;

export type RecordErrorCode = keyof typeof recordErrorCodes;
