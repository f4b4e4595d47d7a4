/**
 * Asks the HTTP API of Prometheus, or of what speaks like it (Thanos, Mimir, VictoriaMetrics). GET, because proxies
 * before it often allow nothing else. Bounded in time and size; follows no redirect, which would carry the headers to
 * another host. What authorises a request is never part of a message.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import { readBody } from "./bounded-body.ts";
import type { ObserveErrorCode } from "./errors.ts";

/** Where, and as whom. */
export interface PrometheusEndpoint {
  /** With path and query as given, without user and password. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** One series of an answer: a value at each time, Unix milliseconds. Values that are not finite are left out. */
export interface PromSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [wallMs: number, value: number])[];
}

const maxAnswerBytes = 32 * 1024 * 1024;

/** The endpoint for people: what a URL carries besides the place may be a secret. */
export function endpointName({ url }: PrometheusEndpoint): string {
  return `${url.origin}${url.pathname}`.replace(/\/+$/u, "");
}

/**
 * Asks once.
 * @param path "query" or "query_range"
 * @throws LakhError OBSERVE_UNREACHABLE, OBSERVE_REFUSED, OBSERVE_QUERY
 */
export async function askPrometheus(
  endpoint: PrometheusEndpoint,
  path: "query" | "query_range",
  {
    timeoutMs,
    ...parameters
  }: { readonly timeoutMs: number } & Readonly<Record<string, string | number>>,
): Promise<PromSeries[]> {
  const url = new URL(endpoint.url);
  url.pathname = `${url.pathname.replace(/\/+$/u, "")}/api/v1/${path}`;
  const asked = { ...parameters, timeout: `${Math.ceil(timeoutMs / 1_000)}s` };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, String(value));
  const { status, text } = await fetchText(endpoint, url, timeoutMs);
  const answer = parseJson(text);
  if (isRecord(answer) && answer["status"] === "error" && ![401, 403].includes(status))
    throw failedQuery(endpoint, answer, String(parameters["query"]));
  if (status !== 200) throw refused(endpoint, status);
  const series = toSeries(answer);
  if (series !== undefined) return series;
  throw observeError(
    "OBSERVE_REFUSED",
    `${endpointName(endpoint)} does not answer as Prometheus does`,
    {
      hint: "give the URL under which /api/v1/query answers, for example http://prometheus:9090",
    },
  );
}

/** Errors of observing end a run before it begins, as options do that cannot be carried out. */
export function observeError(
  code: ObserveErrorCode,
  message: string,
  { hint, cause }: { readonly hint: string; readonly cause?: unknown },
): LakhError {
  return new LakhError(code, message, { hint, cause, exitCode: exitCodes.invalidConfig });
}

async function fetchText(
  endpoint: PrometheusEndpoint,
  url: URL,
  timeoutMs: number,
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json", ...endpoint.headers },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, text: await readBody(response, maxAnswerBytes) };
  } catch (cause) {
    throw observeError(
      "OBSERVE_UNREACHABLE",
      `Prometheus at ${endpointName(endpoint)} cannot be read: ${reasonOf(cause, timeoutMs)}`,
      { hint: "check the URL, and that this machine may connect there", cause },
    );
  }
}

function reasonOf(thrown: unknown, timeoutMs: number): string {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1_000} s`;
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}

function refused(endpoint: PrometheusEndpoint, status: number): LakhError {
  const name = endpointName(endpoint);
  if (status === 401 || status === 403) {
    return observeError(
      "OBSERVE_REFUSED",
      `Prometheus at ${name} answered ${status}: not authorised`,
      {
        hint: "put a token into LAKH_OBSERVE_TOKEN, a user and password into the URL, or a header into --observe-header",
      },
    );
  }
  const hint =
    status >= 300 && status < 400
      ? "give the URL that it redirects to: redirects are not followed, because they would carry the credentials along"
      : "give the URL under which /api/v1/query answers, for example http://prometheus:9090";
  return observeError("OBSERVE_REFUSED", `Prometheus at ${name} answered ${status}`, { hint });
}

function failedQuery(
  endpoint: PrometheusEndpoint,
  answer: Readonly<Record<string, unknown>>,
  query: string,
): LakhError {
  const said = typeof answer["error"] === "string" ? answer["error"].slice(0, 300) : "no reason";
  const isSlow = answer["errorType"] === "timeout" || answer["errorType"] === "unavailable";
  return observeError(
    isSlow ? "OBSERVE_UNREACHABLE" : "OBSERVE_QUERY",
    `Prometheus at ${endpointName(endpoint)} cannot execute ${query}: ${said}`,
    { hint: "check the selector and the query; the same text can be tried in its own web page" },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page for people, say of a login: told from its status, or as no Prometheus
  }
}

/** Series of a vector or matrix; a scalar is one without labels. Undefined when it is none of them. */
function toSeries(answer: unknown): PromSeries[] | undefined {
  const data = isRecord(answer) && answer["status"] === "success" ? answer["data"] : undefined;
  if (!isRecord(data) || !Array.isArray(data["result"])) return undefined;
  if (data["resultType"] === "scalar") return [{ labels: {}, points: toPoints([data["result"]]) }];
  return data["result"].filter(isRecord).map(({ metric, value, values }) => ({
    labels: isRecord(metric) ? Object.fromEntries(Object.entries(metric).filter(isTextPair)) : {},
    points: toPoints(Array.isArray(values) ? values : [value]),
  }));
}

function toPoints(samples: readonly unknown[]): [number, number][] {
  return samples.flatMap((sample): [number, number][] => {
    if (!Array.isArray(sample) || typeof sample[0] !== "number") return [];
    const value = typeof sample[1] === "string" ? Number(sample[1]) : Number.NaN;
    return Number.isFinite(value) ? [[sample[0] * 1_000, value]] : [];
  });
}

function isTextPair(pair: [string, unknown]): pair is [string, string] {
  return typeof pair[1] === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
