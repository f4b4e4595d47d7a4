/** Names by which summaries decide what they list. */

/** The parts of a request's time, in the order in which they pass; compact summaries leave them out. */
export const requestTimings: readonly string[] = [
  "http_req_blocked",
  "http_req_connecting",
  "http_req_tls_handshaking",
  "http_req_sending",
  "http_req_waiting",
  "http_req_receiving",
];

/** Shown as blocks of their own, or not at all. */
export const neverListed: ReadonlySet<string> = new Set(["checks", "group_duration"]);
