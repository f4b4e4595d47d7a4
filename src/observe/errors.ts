/** Error codes of `observe`; docs/reference/errors.md lists them for users. */
export const observeErrorCodes = {
  OBSERVE_QUERY: "Prometheus cannot execute a query, or the query matches too many series",
  OBSERVE_REFUSED: "Prometheus, or what stands before it, refuses to answer, or is no Prometheus",
  OBSERVE_REQUEST: "what Prometheus is to be asked is not stated in a way that can be asked",
  OBSERVE_UNREACHABLE: "Prometheus cannot be reached, or does not answer in time",
} as const;

export type ObserveErrorCode = keyof typeof observeErrorCodes;
