/**
 * The HTTP side of a worker thread: makes the clients of its VUs and owns what they share.
 * HTTP/1.1 or HTTP/2: the choice is made per origin, when a handshake's ALPN answers.
 */
import type { Clock } from "../base/clock.ts";
import { ReadyQueue } from "../base/ready-queue.ts";
import { AddressBook } from "./addresses.ts";
import type { NameLookup } from "./addresses.ts";
import { VuClient } from "./client.ts";
import type { ClientParts } from "./client.ts";
import { DeadlineSweep } from "./deadline-sweep.ts";
import type { HttpClient, HttpOptions, HttpStack } from "./exchange.ts";
import { GeneratorFaults } from "./generator-faults.ts";
import { BlockMemo } from "./h2/hpack-decoder.ts";
import { HandshakeGate } from "./handshake-gate.ts";
import type { LoadGuard } from "./load-guard.ts";
import { LocalAddresses } from "./local-addresses.ts";
import { connectNodeWire } from "./node-wire.ts";
import { OriginCache } from "./origin.ts";
import { ParserPool } from "./parser-pool.ts";
import { ProxyRules } from "./proxies.ts";
import { HeadTemplates } from "./request-head.ts";
import { HeadMemo } from "./response-head.ts";
import { connectTcpWire, hasTcpHandles } from "./tcp-wire.ts";
import { TlsSettings } from "./tls.ts";

/** The most a TCP read delivers at once; TLS delivers at most 16 KiB. */
const readBufferBytes = 65_536;

/** What a stack may share with others, or do in another way. */
export interface HttpStackParts {
  /** In place of the system's resolver. */
  readonly nameLookup?: NameLookup | undefined;
  /** In whose turn answers are handed over. */
  readonly ready?: ReadyQueue;
  /** Who keeps load from unconfirmed hosts; without one every host may be loaded. */
  readonly guard?: LoadGuard | undefined;
}

/**
 * Creates the HTTP side of one worker thread: own HTTP/1.1 and HTTP/2 over `net` and `tls`, keep-alive per client, one
 * receive buffer for all sockets.
 *
 * @param clock source of all timings and limits; monotonic milliseconds
 * @throws LakhError HTTP_BAD_HOSTS, HTTP_BAD_BLACKLIST, HTTP_BAD_BLOCK_PATTERN, HTTP_BAD_LOCAL_IPS, HTTP_BAD_CA, HTTP_BAD_KEY_LOG, HTTP_PROXY_UNSUPPORTED
 * @example
 * const stack = createHttpStack(options, systemClock);
 * const client = stack.createClient();
 * const exchange = await client.send({ method: "GET", url, headers: [], timeoutMs: 60_000 });
 */
export function createHttpStack(
  options: HttpOptions,
  clock: Clock,
  { nameLookup, guard, ready = new ReadyQueue(clock) }: HttpStackParts = {},
): HttpStack {
  const nowMs = (): number => clock.nowMs();
  const parts: ClientParts = {
    clock,
    addresses: new AddressBook(options, nowMs, nameLookup),
    tls: new TlsSettings(options),
    gate: new HandshakeGate(),
    guard,
    sweep: new DeadlineSweep(nowMs),
    ready,
    parsers: new ParserPool(new HeadMemo(), options.maxBodyBytes),
    connectWire: hasTcpHandles ? connectTcpWire : connectNodeWire,
    blocks: new BlockMemo(),
    protocols: options.http2 === false ? ["http/1.1"] : ["h2", "http/1.1"],
    http1Origins: new Set(),
    readBuffer: Buffer.allocUnsafeSlow(readBufferBytes),
    maxBodyBytes: options.maxBodyBytes,
    sockets: { open: 0 },
    faults: new GeneratorFaults(),
    origins: new OriginCache(new ProxyRules(options.proxies)),
    templates: new HeadTemplates(options.noConnectionReuse),
    localAddresses:
      options.localIps === undefined ? undefined : new LocalAddresses(options.localIps),
    maxIdlePerHost: options.maxConnectionsPerHost,
  };
  const clients = new Set<HttpClient>();
  return {
    createClient(vuNumber = 0) {
      const client = new VuClient(parts, vuNumber, (destroyed) => clients.delete(destroyed));
      clients.add(client);
      return client;
    },
    get generatorFaults() {
      return parts.faults.count;
    },
    takeGeneratorFaults() {
      return parts.faults.take();
    },
    get openSockets() {
      return parts.sockets.open;
    },
    close() {
      for (const client of clients) client.destroy();
    },
  };
}
