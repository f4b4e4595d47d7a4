/**
 * A VU's connections: hands each request an idle connection of its origin, the one used last first, or a new one.
 * The limit per host is on idle connections, as in k6; there is none on those in use.
 */
import type {
  Exchange,
  ExchangeReceiver,
  HttpClient,
  HttpFailure,
  HttpRequest,
} from "./exchange.ts";
import { Connection } from "./connection.ts";
import type { ConnectionOwner, ConnectionParts } from "./connection.ts";
import { failures, unsendable } from "./errors.ts";
import { isOrigin, requestTarget } from "./origin.ts";
import type { Origin, OriginCache } from "./origin.ts";
import { createExchange, settleFailed } from "./pending-exchange.ts";
import type { PendingExchange } from "./pending-exchange.ts";
import { contentLengthLine, isMethod, isTemplate } from "./request-head.ts";
import type { HeadTemplate, HeadTemplates } from "./request-head.ts";

/** What the clients of a worker share. */
export interface ClientParts extends ConnectionParts {
  readonly origins: OriginCache;
  readonly templates: HeadTemplates;
  readonly maxIdlePerHost: number;
}

/** Methods that Go repeats on a broken keep-alive connection. PUT and DELETE are idempotent too, but not repeated. */
const repeatableMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

export class Http1Client implements HttpClient, ConnectionOwner {
  readonly #parts: ClientParts;
  readonly #onDestroyed: (client: HttpClient) => void;
  /** Idle connections by origin key, the last used at the end. */
  readonly #idle = new Map<string, Connection[]>();
  readonly #connections = new Set<Connection>();
  #isDestroyed = false;

  /** @param onDestroyed called when the client is destroyed. */
  constructor(parts: ClientParts, onDestroyed: (client: HttpClient) => void) {
    this.#parts = parts;
    this.#onDestroyed = onDestroyed;
  }

  send(request: HttpRequest): Promise<Exchange> {
    return new Promise((resolve) => this.start(request, { onExchange: resolve }));
  }

  start(request: HttpRequest, receiver: ExchangeReceiver): void {
    const prepared = this.#prepare(request);
    if (!isPrepared(prepared)) {
      const exchange = createExchange(request.method, request.url);
      exchange.failure = prepared;
      queueMicrotask(() => receiver.onExchange(exchange));
      return;
    }
    const pending = this.#createPending(request, prepared, receiver);
    const connection = this.#takeIdle(prepared.origin.key, pending.startMs);
    if (connection === undefined) this.#open(pending);
    else connection.serve(pending);
  }

  closeIdle(): void {
    for (const idle of [...this.#idle.values()].flat()) idle.close(failures.canceled);
  }

  destroy(): void {
    this.#isDestroyed = true;
    for (const connection of this.#connections) connection.close(failures.canceled);
    this.#onDestroyed(this);
  }

  onReusable(connection: Connection): void {
    const { key } = connection.origin;
    let idle = this.#idle.get(key);
    if (idle === undefined) {
      idle = [];
      this.#idle.set(key, idle);
    }
    if (idle.length < this.#parts.maxIdlePerHost) idle.push(connection);
    else connection.close(failures.canceled);
  }

  onClosed(connection: Connection): void {
    this.#connections.delete(connection);
    const { key } = connection.origin;
    const idle = this.#idle.get(key);
    const index = idle?.indexOf(connection) ?? -1;
    if (idle === undefined || index === -1) return;
    idle.splice(index, 1);
    if (idle.length === 0) this.#idle.delete(key);
  }

  repeat(pending: PendingExchange): void {
    pending.exchange.retries++;
    this.#open(pending);
  }

  #prepare(request: HttpRequest): Prepared | HttpFailure {
    if (this.#isDestroyed) return failures.canceled;
    if (!isMethod(request.method)) return unsendable("invalid method", request.method);
    const origin = this.#parts.origins.find(request.url);
    if (!isOrigin(origin)) return origin;
    const target = requestTarget(request.url, origin.prefix.length);
    if (target === undefined) return failures.invalidUrl;
    if (request.timeoutMs <= 0) return failures.timeout;
    const template = this.#parts.templates.find(origin, request.headers);
    if (!isTemplate(template)) return template;
    return { origin, target, template };
  }

  #createPending(
    request: HttpRequest,
    { origin, target, template }: Prepared,
    receiver: ExchangeReceiver,
  ): PendingExchange {
    const { method, body } = request;
    const bodyBytes = countBytes(body);
    const startMs = this.#parts.clock.nowMs();
    return {
      request,
      origin,
      head: `${method} ${target}${template.text}${contentLengthLine(method, bodyBytes)}\r\n`,
      bodyBytes,
      closes: template.closes,
      isRepeatable: template.hasIdempotencyKey || repeatableMethods.has(method),
      startMs,
      deadlineMs: startMs + request.timeoutMs,
      exchange: createExchange(method, request.url),
      receiver,
    };
  }

  #takeIdle(key: string, nowMs: number): Connection | undefined {
    const idle = this.#idle.get(key);
    if (idle === undefined) return undefined;
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
      if (connection.isUsable(nowMs)) return connection;
      connection.close(failures.canceled);
    }
    return undefined;
  }

  #open(pending: PendingExchange): void {
    if (this.#isDestroyed) {
      settleFailed(pending, failures.canceled);
      return;
    }
    const connection = new Connection(this.#parts, this, pending.origin);
    this.#connections.add(connection);
    connection.open(pending);
  }
}

interface Prepared {
  readonly origin: Origin;
  readonly target: string;
  readonly template: HeadTemplate;
}

function isPrepared(value: Prepared | HttpFailure): value is Prepared {
  return "template" in value;
}

function countBytes(body: HttpRequest["body"]): number {
  if (body === undefined) return 0;
  return typeof body === "string" ? Buffer.byteLength(body, "utf8") : body.byteLength;
}
