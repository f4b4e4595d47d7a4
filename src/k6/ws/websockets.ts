/**
 * Modules `k6/websockets` and `k6/experimental/websockets`: the constructor `WebSocket` and `Blob`. The object that a
 * script holds has k6's own properties in k6's order; its state stands behind it.
 */
import type { MetricRegistry } from "../../metrics/index.ts";
import type { VuContext } from "../context.ts";
import { forbidInInit, GoError } from "../errors.ts";
import { readSocketUrl, type SocketUrl } from "./socket-url.ts";
import { goTypeOf } from "../go-types.ts";
import { textOf } from "../text.ts";
import { Blob } from "./blob.ts";
import { eventTypes } from "./events.ts";
import { type ParamRules, readSocketParams } from "./params.ts";
import { type BinaryType, WebSocketState } from "./websocket.ts";
import { initMessage } from "./ws.ts";

const rules: ParamRules = { tagProblem: "invalid WebSocket tags option", isStrict: true };

const deprecation =
  "k6/experimental/websockets is deprecated and will be removed in a future release. Please use k6/websockets instead.";

/** The exports of module `k6/websockets`. */
interface WebsocketsModule {
  readonly Blob: typeof Blob;
  /** Gives an object with or without `new`. */
  readonly WebSocket: (url?: unknown, protocols?: unknown, params?: unknown) => object;
}

/** Builds module `k6/websockets` for one VU. */
export function createWebsockets(vu: VuContext): WebsocketsModule {
  return {
    Blob,
    // A function and no arrow function: scripts say `new`.
    WebSocket: function WebSocket(url?: unknown, protocols?: unknown, params?: unknown): object {
      return openSocket(vu, { url, protocols, params });
    },
  };
}

/** Workers that have warned. */
const warned = new WeakSet<MetricRegistry>();

/** Builds the module under its old name, with k6's warning once a worker. */
export function createExperimentalWebsockets(vu: VuContext): WebsocketsModule {
  if (!warned.has(vu.registry)) vu.logger.log("warning", deprecation);
  warned.add(vu.registry);
  return createWebsockets(vu);
}

interface SocketCall {
  readonly url: unknown;
  readonly protocols: unknown;
  readonly params: unknown;
}

function openSocket(vu: VuContext, call: SocketCall): object {
  forbidInInit(vu, initMessage);
  const url = readUrl(call.url);
  const protocols = readProtocols(call.protocols);
  const params = readSocketParams(vu, call.params, rules);
  const state = new WebSocketState(vu, { url, params, protocols });
  const socket = createObject(state);
  state.target = socket;
  return socket;
}

function readUrl(given: unknown): SocketUrl {
  if (given === undefined || given === null) throw new GoError("WebSocket requires a url");
  const text = textOf(given);
  const url = readSocketUrl(text);
  if (url.error !== "") {
    throw new GoError(
      `WebSocket requires valid url, but got ${JSON.stringify(text)} which resulted in ${url.error}`,
    );
  }
  if (url.scheme !== "ws" && url.scheme !== "wss") {
    throw new GoError(
      `WebSocket requires url with scheme ws or wss, but got ${JSON.stringify(url.scheme)}`,
    );
  }
  if (url.fragment !== "") {
    throw new GoError(
      `WebSocket requires no url fragment, but got ${JSON.stringify(url.fragment)}`,
    );
  }
  return url;
}

function readProtocols(given: unknown): string[] | undefined {
  if (given === undefined || given === null) return undefined;
  const protocols = Array.isArray(given) ? given.map(textOf) : [textOf(given)];
  return protocols.length === 0 ? undefined : protocols;
}

function createObject(state: WebSocketState): object {
  const socket = {
    addEventListener: (type: unknown, listener: unknown) => state.listeners.add(type, listener),
    send: (data: unknown) => state.send(toPayload(data)),
    ping: () => state.ping(),
    close: (code: unknown, reason: unknown) => state.close(code, reason),
  };
  defineReadOnly(socket, "url", () => state.url);
  defineReadOnly(socket, "readyState", () => state.readyState);
  defineReadOnly(socket, "bufferedAmount", () => state.bufferedAmount);
  defineReadOnly(socket, "extensions", () => state.extensions);
  defineReadOnly(socket, "protocol", () => state.protocol);
  Object.defineProperty(socket, "binaryType", {
    enumerable: true,
    get: () => state.binaryType,
    set: (type: unknown) => {
      state.binaryType = toBinaryType(type);
    },
  });
  for (const type of eventTypes) {
    Object.defineProperty(socket, `on${type}`, {
      enumerable: true,
      get: () => state.listeners.getter(type),
      set: (handler: unknown) => {
        state.listeners.set(type, handler);
      },
    });
  }
  return socket;
}

function defineReadOnly(target: object, name: string, get: () => unknown): void {
  Object.defineProperty(target, name, {
    enumerable: true,
    get,
    set: () => {
      throw new TypeError(`Cannot assign to read only property '${name}'`);
    },
  });
}

function toBinaryType(type: unknown): BinaryType {
  if (type === "blob" || type === "arraybuffer") return type;
  throw new GoError(
    `unknown binaryType ${textOf(type)}, the supported ones are "blob" and "arraybuffer"`,
  );
}

/** What k6 sends: text, an ArrayBuffer, a typed array. */
function toPayload(data: unknown): string | Uint8Array {
  if (typeof data === "string") return data;
  if (typeof data === "symbol") return data.toString();
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  if (ArrayBuffer.isView(data) && !(data instanceof DataView))
    return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength).slice();
  throw new GoError(`unsupported send type ${goTypeOf(data)}`);
}
