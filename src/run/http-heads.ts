/**
 * What the heads of a dry run's requests and responses tell of who answers: read from the lines that `httpDebug` logs.
 * Of requests only the host and how many different Authorization headers there are is kept, of responses the headers
 * that caches, CDNs and firewalls set.
 */
import { createHash } from "node:crypto";
import type { LogFields, Logger } from "../base/log.ts";
import type { HostFact } from "../lint/index.ts";

const telling = new Set(
  (
    "age cf-cache-status cf-ray server via x-akamai-request-id x-amz-cf-id x-azure-ref x-cache x-cache-status " +
    "x-fastly-request-id x-iinfo x-served-by x-sucuri-id x-varnish x-vercel-cache x-vercel-id"
  ).split(" "),
);
const longestValue = 80;

interface HostCount {
  requests: number;
  cacheHits: number;
  closing: number;
  readonly headers: Record<string, string>;
}

/** Takes the heads out of a log and leaves its other lines alone. */
export class HeadReader {
  readonly #hosts = new Map<string, HostCount>();
  /** Hosts of requests whose response has not come. */
  readonly #open = new Map<string, string>();
  readonly #authorizations = new Set<string>();

  /** `logger` without the heads, and without anything while `isQuiet` says so. */
  wrap(logger: Logger, isQuiet: () => boolean): Logger {
    return {
      log: (level, message, fields = {}) => {
        if (fields["source"] === "http-debug") this.#read(message, fields);
        else if (!isQuiet()) logger.log(level, message, fields);
      },
    };
  }

  hosts(): HostFact[] {
    return [...this.#hosts].map(([host, count]) => ({
      host,
      ...count,
      isLoopback: /^(?:localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)(?::\d+)?$/u.test(host),
    }));
  }

  /** Different Authorization headers in iterations; undefined when none had one. */
  get authorizations(): number | undefined {
    return this.#authorizations.size === 0 ? undefined : this.#authorizations.size;
  }

  #read(text: string, fields: LogFields): void {
    const [kind = "", first = "", ...lines] = text.split("\n");
    const headers = headersOf(lines);
    const id = fields["request_id"] ?? "";
    if (kind === "Request:") {
      const host = headers.get("host") ?? "";
      this.#open.set(id, host);
      this.#countOf(host).requests++;
      const authorization = headers.get("authorization");
      const isIteration = (fields["scenario"] ?? "") !== "";
      if (authorization !== undefined && isIteration)
        this.#authorizations.add(createHash("sha256").update(authorization).digest("hex"));
    } else if (kind === "Response:") {
      const host = this.#open.get(id);
      this.#open.delete(id);
      if (host !== undefined) addResponse(this.#countOf(host), headers, first);
    }
  }

  #countOf(host: string): HostCount {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const made = { requests: 0, cacheHits: 0, closing: 0, headers: {} };
    this.#hosts.set(host, made);
    return made;
  }
}

function headersOf(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    if (line === "") break;
    const at = line.indexOf(": ");
    if (at > 0) headers.set(line.slice(0, at).toLowerCase(), line.slice(at + 2));
  }
  return headers;
}

function addResponse(count: HostCount, headers: ReadonlyMap<string, string>, status: string): void {
  for (const [name, value] of headers)
    if (telling.has(name)) count.headers[name] ??= value.slice(0, longestValue);
  if (isCacheHit(headers)) count.cacheHits++;
  // Of HTTP/2 the log says so where the length is not known, and means nothing by it.
  const isOne = status.startsWith("HTTP/1.");
  if (isOne && headers.get("connection")?.toLowerCase() === "close") count.closing++;
}

/** What caches say of themselves, or the age that a stored response has (RFC 9111, 5.1). */
function isCacheHit(headers: ReadonlyMap<string, string>): boolean {
  const said = ["x-cache", "x-cache-status", "cf-cache-status", "x-vercel-cache"].some((name) =>
    /\bhit\b/iu.test(headers.get(name) ?? ""),
  );
  return said || Number(headers.get("age") ?? 0) > 0;
}
