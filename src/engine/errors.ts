/** Error codes of `engine`; docs/reference/errors.md lists them for users. */
export const engineErrorCodes = {
  HOST_UNCONFIRMED:
    "a host that is not loopback and was not named with --confirm-host got, or would get, more than 50 requests/s",
  LIFECYCLE_TIMEOUT: "setup(), teardown() or handleSummary() took longer than its time limit",
  SCRIPT_ABORTED: "the script called exec.test.abort() in its init code",
  SCRIPT_EXCEPTION: "the script threw in its init code, in setup() or in teardown()",
  SCRIPT_REJECTION:
    "a promise was rejected and not handled in the script's init code, in setup() or in teardown()",
  SUMMARY_SHAPE: "what handleSummary() returned is no object of texts and bytes",
  SETUP_DATA: "what setup() returned cannot be written as JSON",
  WORKER_DIED: "a worker thread of the engine ended unexpectedly",
} as const;

export type EngineErrorCode = keyof typeof engineErrorCodes;
