/**
 * What receivers answer, as messages: that they have taken an export (metrics_service.proto), all of it or a part, or why
 * not (google.rpc.Status, with a RetryInfo when there is a time to come back at).
 */
import { oneLine } from "../answers.ts";
import type { Reception } from "../delivery.ts";
import { readFields, readInteger } from "./wire.ts";

export interface RpcStatus {
  readonly message: string;
  /** Undefined when it says nothing of another try. */
  readonly retryAfterMs: number | undefined;
}

const retryInfo = "google.rpc.RetryInfo";

/** What an ExportMetricsServiceResponse says; undefined when the bytes are none. */
export function readExportResponse(bytes: Uint8Array): Reception | undefined {
  let refusedCount = 0;
  let reason = "";
  const partialSuccess = (part: Uint8Array): void =>
    readFields(part, {
      1: (reader) => (refusedCount = readInteger(reader)),
      2: (reader) => (reason = reader.string()),
    });
  try {
    readFields(bytes, { 1: (reader) => partialSuccess(reader.bytes()) });
  } catch {
    // Any bytes may come: what is no message is said to be none.
    return undefined;
  }
  if (refusedCount === 0 && reason === "") return { kind: "taken" };
  const said = oneLine(reason);
  if (refusedCount === 0) return { kind: "taken", advice: `it says: ${said}` };
  const why = said === "" ? "" : `: ${said}`;
  return {
    kind: "partly",
    lostSamples: refusedCount,
    reason: `it refused ${refusedCount} data points${why}`,
  };
}

/** What a google.rpc.Status says; undefined when the bytes are none. */
export function readStatus(bytes: Uint8Array): RpcStatus | undefined {
  let message = "";
  let retryAfterMs: number | undefined;
  try {
    readFields(bytes, {
      2: (reader) => (message = reader.string()),
      3: (reader) => (retryAfterMs = readRetryDelay(reader.bytes()) ?? retryAfterMs),
    });
  } catch {
    return undefined;
  }
  return { message: oneLine(message), retryAfterMs };
}

/** The delay of an Any that holds a RetryInfo. */
function readRetryDelay(any: Uint8Array): number | undefined {
  let type = "";
  let value = new Uint8Array();
  readFields(any, {
    1: (reader) => (type = reader.string()),
    2: (reader) => (value = Uint8Array.from(reader.bytes())),
  });
  if (!type.endsWith(`/${retryInfo}`)) return undefined;
  let delayMs = 0;
  const duration = (part: Uint8Array): void =>
    readFields(part, {
      1: (reader) => (delayMs += readInteger(reader) * 1_000),
      2: (reader) => (delayMs += reader.int32() / 1e6),
    });
  readFields(value, { 1: (reader) => duration(reader.bytes()) });
  return delayMs;
}
