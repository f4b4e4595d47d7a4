/** Error codes of `engine`; docs/reference/errors.md lists them for users. */
export const engineErrorCodes = {
  LIFECYCLE_TIMEOUT: "setup(), teardown() or handleSummary() took longer than its time limit",
  SCRIPT_EXCEPTION: "the script threw in its init code, in setup() or in teardown()",
  SCRIPT_NOT_A_FUNCTION: "setup, teardown or handleSummary is exported but is not a function",
  SETUP_DATA: "what setup() returned cannot be written as JSON",
  WORKER_DIED: "a worker thread of the engine ended unexpectedly",
} as const;
