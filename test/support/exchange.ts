/** A kept exchange with plain values, and what a test changes of it. */
import type { ExchangeRecord } from "../../src/record/index.ts";

export function keptExchange(
  changes: Partial<ExchangeRecord> = {},
  durationMs: number = 12.5,
): ExchangeRecord {
  return {
    atMs: 1_000,
    dueAtMs: 990,
    phase: "iteration",
    isSteady: true,
    scenario: "default",
    vu: 1,
    iteration: 0,
    group: "",
    name: "/login",
    method: "POST",
    url: "http://127.0.0.1:4000/login",
    hop: 1,
    proto: "HTTP/1.1",
    status: 503,
    errorCode: 1_503,
    error: "",
    timings: {
      durationMs,
      blockedMs: 0.1,
      connectingMs: 0,
      tlsHandshakingMs: 0,
      sendingMs: 0.2,
      waitingMs: durationMs - 0.3,
      receivingMs: 0.1,
    },
    remote: "127.0.0.1:4000",
    tlsVersion: "",
    retries: 0,
    bytesSent: 200,
    bytesReceived: 300,
    request: {
      headers: [["Content-Type", "application/json"]],
      furtherHeaders: 0,
      body: { kind: "text", text: '{"user":"ann"}', shownBytes: 14, bytes: 14 },
    },
    response: {
      headers: [["Content-Type", "text/plain"]],
      furtherHeaders: 0,
      body: { kind: "text", text: "upstream unavailable", shownBytes: 20, bytes: 20 },
    },
    ...changes,
  };
}
