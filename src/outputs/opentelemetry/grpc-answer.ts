/**
 * What a gRPC call's end means for the request: the codes that OTLP calls retryable are worth another try, a lack of
 * resources only if the receiver names a time to come back at.
 */
import { oneLine } from "../answers.ts";
import type { IncomingHttpHeaders } from "node:http2";
import type { Reception } from "../delivery.ts";
import { readExportResponse, readStatus } from "./answers.ts";
import { decoded } from "../variables.ts";
import { credentialsHint } from "./transport.ts";

/** How a call ended. */
export interface GrpcAnswer {
  readonly httpStatus: number;
  readonly headers: IncomingHttpHeaders;
  /** The headers when there are no others. */
  readonly trailers: IncomingHttpHeaders;
  /** Undefined without one. */
  readonly message: Uint8Array | undefined;
}

const codeNames = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

type CodeName = (typeof codeNames)[number];

const retryable: ReadonlySet<CodeName> = new Set([
  "CANCELLED",
  "DEADLINE_EXCEEDED",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNAVAILABLE",
  "DATA_LOSS",
]);

/** gRPC's own reading of answers that are plain HTTP: those of proxies and of servers of another kind. */
const codeOfHttpStatus: ReadonlyMap<number, CodeName> = new Map([
  [400, "INTERNAL"],
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
  [404, "UNIMPLEMENTED"],
  [429, "UNAVAILABLE"],
  [502, "UNAVAILABLE"],
  [503, "UNAVAILABLE"],
  [504, "UNAVAILABLE"],
]);

export function toReception(answer: GrpcAnswer): Reception {
  const { trailers, message } = answer;
  const status = trailers["grpc-status"];
  if (status === undefined) return receptionOfHttp(answer);
  const code = codeNames[Number(status)] ?? "UNKNOWN";
  if (code === "OK") {
    const read = readExportResponse(message ?? new Uint8Array());
    return read ?? { kind: "refused", reason: "it answers with something that is no OTLP" };
  }
  const details = trailers["grpc-status-details-bin"];
  const rpc = typeof details === "string" ? readStatus(Buffer.from(details, "base64")) : undefined;
  const said = oneLine(decoded(String(trailers["grpc-message"] ?? "")));
  return receptionOf(code, said, rpc?.retryAfterMs);
}

function receptionOf(code: CodeName, said: string, retryAfterMs?: number): Reception {
  const reason = `it answers ${code}${said === "" ? "" : ` (${said})`}`;
  const isRetryable =
    retryable.has(code) || (code === "RESOURCE_EXHAUSTED" && retryAfterMs !== undefined);
  if (isRetryable) return { kind: "later", reason, retryAfterMs };
  if (code === "UNAUTHENTICATED" || code === "PERMISSION_DENIED")
    return { kind: "closed", reason, hint: credentialsHint };
  if (code === "UNIMPLEMENTED")
    return { kind: "refused", reason: `${reason}: does it take metrics by OTLP over gRPC?` };
  return { kind: "refused", reason };
}

function receptionOfHttp({ httpStatus, headers }: GrpcAnswer): Reception {
  const type = headers["content-type"];
  const what = `HTTP ${httpStatus}${type === undefined ? "" : `, ${type}`}, and no gRPC`;
  return receptionOf(codeOfHttpStatus.get(httpStatus) ?? "UNIMPLEMENTED", what);
}
