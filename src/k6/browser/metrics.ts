/**
 * Metrics of the browser, with k6's names and tags (k6-behaviour 5.8): requests are measured by the browser itself and
 * read over its own protocol, which alone tells of protocols, caches and bytes.
 */
import type { CDPSession } from "playwright-core";
import type { Metric, TagSet } from "../../metrics/index.ts";
import type { VuContext } from "../context.ts";
import type { Vital } from "./web-vitals.ts";

/** Asks for the name of a sample, and then has it recorded. */
type Asking = (subject: { url: string; method: string }, record: (name: string) => void) => void;

/** A request that is under way. Times are the browser's, in seconds. */
interface Pending {
  readonly method: string;
  readonly url: string;
  readonly startSeconds: number;
  readonly bodyBytes: number;
  headers: Readonly<Record<string, string>>;
  type: string;
  response: Response | undefined;
}

interface Response {
  readonly status: number;
  readonly protocol: string;
  readonly fromCache: boolean;
  readonly fromPrefetchCache: boolean;
  readonly fromServiceWorker: boolean;
  readonly atSeconds: number;
}

/** A response as the browser's protocol has it. */
interface ProtocolResponse {
  readonly status: number;
  readonly protocol?: string;
  readonly fromDiskCache?: boolean;
  readonly fromPrefetchCache?: boolean;
  readonly fromServiceWorker?: boolean;
}

interface Metrics {
  readonly dataSent: Metric;
  readonly dataReceived: Metric;
  readonly duration: Metric;
  readonly failed: Metric;
  readonly vitals: ReadonlyMap<string, Metric>;
}

export class BrowserMetrics {
  readonly #vu: VuContext;
  readonly #metrics: Metrics;

  constructor(vu: VuContext) {
    this.#vu = vu;
    this.#metrics = declareMetrics(vu);
  }

  /** Measures what a page's session tells; resolves when it has begun to. */
  async watch(cdp: CDPSession, ask: Asking): Promise<void> {
    const pending = new Map<string, Pending>();
    cdp.on(
      "Network.requestWillBeSent",
      ({ requestId, request, timestamp, type, redirectResponse }) => {
        const before = pending.get(requestId);
        if (before !== undefined && redirectResponse !== undefined) {
          before.response = toResponse(redirectResponse, timestamp);
          this.#finish(before, redirectResponse.encodedDataLength, ask);
        }
        if (!/^(?:https?|wss?):/u.test(request.url)) return;
        pending.set(requestId, {
          method: request.method,
          url: request.url,
          startSeconds: timestamp,
          bodyBytes: Buffer.byteLength(request.postData ?? ""),
          headers: request.headers,
          type: type ?? "Other",
          response: undefined,
        });
      },
    );
    cdp.on("Network.requestWillBeSentExtraInfo", ({ requestId, headers }) => {
      const request = pending.get(requestId);
      if (request !== undefined) request.headers = headers;
    });
    cdp.on("Network.responseReceived", ({ requestId, response, timestamp, type }) => {
      const request = pending.get(requestId);
      if (request === undefined) return;
      request.response = toResponse(response, timestamp);
      request.type = type;
    });
    cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const request = pending.get(requestId);
      pending.delete(requestId);
      if (request !== undefined) this.#finish(request, encodedDataLength, ask);
    });
    cdp.on("Network.loadingFailed", ({ requestId }) => {
      const request = pending.get(requestId);
      pending.delete(requestId);
      if (request !== undefined) ask(request, (name) => this.#addSent(request, name));
    });
    await cdp.send("Network.enable");
  }

  addVital({ name, value, rating }: Vital, sampleName: string): void {
    const metric = this.#metrics.vitals.get(name);
    if (metric === undefined) return;
    this.#add(metric, value, { name: sampleName, custom: { rating } });
  }

  #finish(request: Pending, receivedBytes: number, ask: Asking): void {
    ask(request, (name) => {
      this.#addSent(request, name);
      const { response } = request;
      if (response === undefined) return;
      const { duration, dataReceived, failed } = this.#metrics;
      const tags = {
        name,
        system: responseTags(request, response),
        custom: cacheTags(request, response),
      };
      this.#add(duration, (response.atSeconds - request.startSeconds) * 1_000, tags);
      this.#add(dataReceived, receivedBytes, tags);
      this.#add(failed, response.status >= 400 ? 1 : 0, tags);
    });
  }

  #addSent(request: Pending, name: string): void {
    this.#add(this.#metrics.dataSent, sentBytes(request), {
      name,
      system: { method: request.method },
      custom: { resource_type: request.type },
    });
  }

  #add(
    metric: Metric,
    value: number,
    tags: {
      readonly name: string;
      readonly system?: Readonly<Record<string, string>>;
      readonly custom: Readonly<Record<string, string>>;
    },
  ): void {
    const vu = this.#vu;
    if (vu.interrupted) return;
    const { systemTags } = vu.options;
    const system = { ...tags.system, name: tags.name, url: tags.name };
    const enabled = Object.entries(system).filter(([key]) => systemTags.has(key));
    let set: TagSet = vu.tags;
    for (const [key, text] of [...Object.entries(tags.custom), ...enabled])
      set = set.with(key, text);
    vu.series(metric, set).add(value);
  }
}

function declareMetrics({ registry }: VuContext): Metrics {
  const vital = (name: string): [string, Metric] => [
    name.toUpperCase(),
    registry.define(`browser_web_vital_${name}`, "trend", name === "cls" ? "default" : "time"),
  ];
  return {
    dataSent: registry.define("browser_data_sent", "counter", "data"),
    dataReceived: registry.define("browser_data_received", "counter", "data"),
    duration: registry.define("browser_http_req_duration", "trend", "time"),
    failed: registry.define("browser_http_req_failed", "rate", "default"),
    vitals: new Map(["ttfb", "lcp", "cls", "inp", "fcp"].map(vital)),
  };
}

function toResponse(response: ProtocolResponse, atSeconds: number): Response {
  return {
    status: response.status,
    protocol: response.protocol ?? "",
    fromCache: response.fromDiskCache === true,
    fromPrefetchCache: response.fromPrefetchCache === true,
    fromServiceWorker: response.fromServiceWorker === true,
    atSeconds,
  };
}

function responseTags({ method }: Pending, { status, protocol }: Response): Record<string, string> {
  return { method, status: String(status), proto: protocol };
}

function cacheTags({ type }: Pending, response: Response): Record<string, string> {
  return {
    resource_type: type,
    from_cache: String(response.fromCache),
    from_prefetch_cache: String(response.fromPrefetchCache),
    from_service_worker: String(response.fromServiceWorker),
  };
}

/** The request as HTTP/1.1 would write it; what HTTP/2 makes of it on the wire the browser does not tell. */
function sentBytes({ method, url, headers, bodyBytes }: Pending): number {
  const { pathname, search } = new URL(url);
  const line = `${method} ${pathname}${search} HTTP/1.1\r\n`;
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.byteLength(`${line}${fields.join("")}\r\n`) + bodyBytes;
}
