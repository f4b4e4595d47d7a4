/** Single requests of a record as a page shows them. */
import { formatBytes } from "../../base/units.ts";
import type { ExchangesData } from "../../page/index.ts";
import type { BodyRecord, ExchangeRecord, MessageRecord, RunRecord } from "../../record/index.ts";
import { formatClock, formatLatency, formatWhole } from "../../base/numbers.ts";
import { facts } from "./facts.ts";

type ExchangeData = ExchangesData["slowest"][number];
type MessageData = ExchangeData["request"];

/** More than anybody opens; the record has them all. */
const mostSlowest = 20;
const mostFailures = 30;
const mostSamples = 2;

/** Null when the record keeps none. */
export function exchangesPart({ exchanges }: RunRecord): ExchangesData | null {
  if (exchanges === undefined) return null;
  const { slowest, failures, furtherFailures } = exchanges;
  const rest = failures.slice(mostFailures).reduce((sum, { count }) => sum + count, 0);
  return {
    slowest: slowest.slice(0, mostSlowest).map(toExchange),
    failures: failures
      .slice(0, mostFailures)
      .map(({ method, name, status, errorCode, error, count, samples }) => ({
        endpoint: name === null ? "further endpoints" : `${method} ${name}`,
        outcome: outcomeOf({ status, errorCode, error }),
        count,
        samples: samples.slice(0, mostSamples).map(toExchange),
      })),
    furtherFailures: furtherFailures + rest,
  };
}

function outcomeOf({
  status,
  errorCode,
  error,
}: Pick<ExchangeRecord, "status" | "errorCode" | "error">): string {
  const parts = status > 0 ? [String(status), error] : [error, `(error code ${errorCode})`];
  return parts.filter((part) => part !== "").join(" ");
}

function toExchange(exchange: ExchangeRecord): ExchangeData {
  const { method, name, timings, status, error, request, response } = exchange;
  return {
    title: `${method} ${name}, ${outcomeOf(exchange)}, ${formatLatency(timings.durationMs)}`,
    tone: status === 0 || status >= 400 || error !== "" ? "bad" : "neutral",
    facts: exchangeFacts(exchange),
    timings: [
      { label: "blocked", ms: timings.blockedMs },
      { label: "connecting", ms: timings.connectingMs },
      { label: "TLS", ms: timings.tlsHandshakingMs },
      { label: "sending", ms: timings.sendingMs },
      { label: "waiting", ms: timings.waitingMs },
      { label: "receiving", ms: timings.receivingMs },
    ].filter(({ ms }) => ms > 0),
    request: toMessage(`${method} ${exchange.url}`, request),
    response: response === null ? null : toMessage(`${exchange.proto} ${status}`, response),
  };
}

function exchangeFacts(exchange: ExchangeRecord): ExchangeData["facts"] {
  const { atMs, dueAtMs, phase, isSteady, scenario, vu, iteration, group } = exchange;
  const { remote, tlsVersion, retries, hop, bytesSent, bytesReceived } = exchange;
  const place = isSteady
    ? "in the steady state"
    : phase === "iteration"
      ? "outside of the steady state"
      : `in ${phase}()`;
  return facts({
    began: atMs === null ? place : `at ${formatClock(atMs)}, ${place}`,
    "began late":
      dueAtMs === null || atMs === null || atMs - dueAtMs < 1
        ? undefined
        : `its iteration was due ${formatLatency(atMs - dueAtMs)} before`,
    by: `${scenario}, VU ${vu}, iteration ${iteration}${group === "" ? "" : `, group ${group.replace(/^::/u, "")}`}`,
    to: remote === "" ? "no connection" : `${remote}${tlsVersion === "" ? "" : `, ${tlsVersion}`}`,
    redirect: hop > 1 ? `request ${formatWhole(hop)} of its call` : undefined,
    repeated: retries > 0 ? `${formatWhole(retries)} times, on a new connection` : undefined,
    bytes: `${formatBytes(bytesSent)} sent, ${formatBytes(bytesReceived)} received`,
  });
}

function toMessage(
  firstLine: string,
  { headers, furtherHeaders, body }: MessageRecord,
): MessageData {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const more = furtherHeaders > 0 ? [`(${formatWhole(furtherHeaders)} more headers)`] : [];
  return {
    head: [firstLine, ...lines, ...more].join("\n"),
    body: body?.kind === "text" ? body.text : null,
    bodyNote: body === null ? "" : bodyNote(body),
  };
}

function bodyNote(body: BodyRecord): string {
  switch (body.kind) {
    case "text":
      return body.shownBytes < body.bytes
        ? `the first ${formatBytes(body.shownBytes)} of ${formatBytes(body.bytes)}`
        : "";
    case "binary":
      return `${formatBytes(body.bytes)} that are no text`;
    case "not-kept":
      return body.reason === "discarded"
        ? "a body that the script did not keep"
        : "a body for which the record had no room";
  }
}
