/**
 * A VU's connections: hands each request an idle connection of its origin, the one used last first, or a new one; an
 * origin that speaks HTTP/2 has a session for all its requests instead.
 * The limit per host is on idle connections, as in k6; there is none on those in use.
 */
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { Ready } from "../base/ready-queue.ts";
import { isAddress } from "./addresses.ts";
import type { Address } from "./addresses.ts";
import type {
  DialAddress,
  Exchange,
  ExchangeReceiver,
  HttpClient,
  HttpFailure,
  HttpRequest,
} from "./exchange.ts";
import { Connection } from "./connection.ts";
import { isSameFamily } from "./local-addresses.ts";
import type { LocalAddresses } from "./local-addresses.ts";
import type { ConnectionOwner, ConnectionParts } from "./connection.ts";
import { failures, generatorFaultOf, invalidMethod, unsuitableLocalAddress } from "./errors.ts";
import { SessionPool, type PoolParts } from "./h2/session-pool.ts";
import type { Carrier, Http2Session } from "./h2/session.ts";
import { isOrigin, requestTarget } from "./origin.ts";
import type { OriginCache } from "./origin.ts";
import { createExchange, PendingExchange, settleFailed } from "./pending-exchange.ts";
import type { PreparedRequest } from "./pending-exchange.ts";
import { isMethod, isTemplate } from "./request-head.ts";
import type { HeadTemplates } from "./request-head.ts";

/** What the clients of a worker share. */
export interface ClientParts extends ConnectionParts, PoolParts {
  readonly origins: OriginCache;
  readonly templates: HeadTemplates;
  readonly localAddresses: LocalAddresses | undefined;
  readonly maxIdlePerHost: number;
}

export class VuClient implements HttpClient, ConnectionOwner {
  readonly #parts: ClientParts;
  readonly #localAddress: string | undefined;
  readonly #onDestroyed: (client: HttpClient) => void;
  /** All that are open, the last used at the end: a handful, so that a list costs less than maps and sets. */
  #connections: readonly Connection[] = noConnections;
  /** Made with the first TLS dial: most VUs of a test without TLS never need one. */
  #sessions: SessionPool | undefined;
  #isDestroyed = false;

  /**
   * @param vuNumber picks the local address
   * @param onDestroyed called when the client is destroyed
   */
  constructor(parts: ClientParts, vuNumber: number, onDestroyed: (client: HttpClient) => void) {
    this.#parts = parts;
    this.#localAddress = parts.localAddresses?.pick(vuNumber);
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
    const startMs = this.#parts.clock.nowMs();
    const pending = new PendingExchange(request, prepared, { client: this, receiver, startMs });
    if (prepared.origin.isTls && this.#sessions?.take(pending) === true) return;
    const connection = this.#takeIdle(prepared.origin.key, pending.startMs);
    if (connection === undefined) this.#open(pending);
    else connection.serve(pending);
  }

  async resolveAddress(hostname: string, port: number): Promise<DialAddress | HttpFailure> {
    const destination = {
      hostname: hostname.toLowerCase(),
      port,
      isAddress: isIP(hostname) !== 0,
    };
    const { addresses } = this.#parts;
    const known = addresses.find(destination);
    const outcome =
      known ??
      (await new Promise<Address | HttpFailure>((resolve) => {
        addresses.resolve(destination, resolve);
      }));
    if (!isAddress(outcome)) return outcome;
    const localAddress = this.#localAddress;
    if (!isSameFamily(localAddress, outcome.ip)) return unsuitableLocalAddress(localAddress!);
    const { guard } = this.#parts;
    const { hostname: name } = destination;
    const address = { ip: outcome.ip, port: outcome.port, localAddress };
    if (guard?.watchesHost(name, outcome.ip) !== true) return address;
    if (!guard.admits(name)) return failures.unconfirmedHost;
    return { ...address, admits: () => guard.admits(name) };
  }

  noteDialError(error: NodeJS.ErrnoException | HttpFailure): void {
    const errno = "generatorFault" in error ? error.generatorFault : generatorFaultOf(error);
    if (errno !== undefined) this.#parts.faults.add(errno);
  }

  tlsOptions(hostname: string): ConnectionOptions {
    return this.#parts.tls.connectOptions({ hostname, isAddress: isIP(hostname) !== 0 });
  }

  closeIdle(): void {
    for (const connection of this.#connections) {
      if (connection.isIdle) connection.close(failures.canceled);
    }
    this.#sessions?.closeIdle();
  }

  destroy(): void {
    this.#isDestroyed = true;
    for (const connection of this.#connections) connection.close(failures.canceled);
    this.#sessions?.destroy();
    for (const ended of this.#parts.ready.take((member) => this.#owns(member))) ended.onReady();
    this.#onDestroyed(this);
  }

  onReusable(connection: Connection): void {
    if (this.#countIdle(connection.origin.key) >= this.#parts.maxIdlePerHost) {
      connection.close(failures.canceled);
      return;
    }
    connection.isIdle = true;
    if (this.#connections.at(-1) === connection) return;
    this.#connections = [...this.#without(connection), connection];
  }

  onClosed(connection: Connection): void {
    this.#connections = this.#without(connection);
    this.#sessions?.onDialEnd(connection.origin.key, connection);
  }

  onHttp1(connection: Connection): void {
    this.#sessions?.onHttp1(connection.origin.key, connection);
  }

  onHttp2(connection: Connection, carrier: Carrier, pending: PendingExchange): Http2Session {
    this.#connections = this.#without(connection);
    return this.#sessions!.onHttp2(connection, carrier, pending);
  }

  repeat(pending: PendingExchange): void {
    pending.exchange.retries++;
    this.#open(pending);
  }

  #prepare(request: HttpRequest): PreparedRequest | HttpFailure {
    if (this.#isDestroyed) return failures.canceled;
    if (request.timeoutMs <= 0) return failures.timeout;
    const origin = this.#parts.origins.find(request.url);
    if (!isOrigin(origin)) return origin;
    const target = requestTarget(request.url, origin.prefix.length);
    if (typeof target !== "string") return target;
    if (!isMethod(request.method)) return invalidMethod(request.method);
    const template = this.#parts.templates.find(origin, request.headers);
    if (!isTemplate(template)) return template;
    return { origin, target, template };
  }

  #takeIdle(key: string, nowMs: number): Connection | undefined {
    const connections = this.#connections;
    for (let index = connections.length - 1; index >= 0; index--) {
      const connection = connections[index]!;
      if (!connection.isIdle || connection.origin.key !== key) continue;
      connection.isIdle = false;
      if (connection.isUsable(nowMs)) return connection;
      connection.close(failures.canceled);
    }
    return undefined;
  }

  #countIdle(key: string): number {
    let count = 0;
    for (const { isIdle, origin } of this.#connections) {
      if (isIdle && origin.key === key) count++;
    }
    return count;
  }

  #owns(member: Ready): boolean {
    return member instanceof PendingExchange && member.client === this;
  }

  #without(connection: Connection): readonly Connection[] {
    return this.#connections.filter((other) => other !== connection);
  }

  #open(pending: PendingExchange): void {
    if (this.#isDestroyed) {
      settleFailed(pending, failures.canceled);
      return;
    }
    const connection = new Connection(this.#parts, this, pending.origin);
    this.#connections = [...this.#connections, connection];
    if (pending.origin.isTls) {
      this.#sessions ??= new SessionPool(this.#parts, (repeated) => this.#open(repeated));
      this.#sessions.onDialStart(pending.origin.key, connection);
    }
    connection.open(pending, this.#localAddress);
  }
}

const noConnections: readonly Connection[] = [];

function isPrepared(value: PreparedRequest | HttpFailure): value is PreparedRequest {
  return "template" in value;
}
