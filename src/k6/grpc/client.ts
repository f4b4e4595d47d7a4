/**
 * `grpc.Client`: the methods it has learned, its connection, calls on it. The state stands behind the object that the
 * script holds, which has k6's functions as its own properties.
 */
import type { VuContext } from "../context.ts";
import { forbidInInit, GoError, requireInit } from "../errors.ts";
import { textOf } from "../text.ts";
import { localEnd } from "./call.ts";
import { Channel } from "./channel.ts";
import {
  loadProtoFiles,
  loadProtoset,
  type Method,
  type MethodInfo,
  type Methods,
} from "./definitions.ts";
import { createResponse, type InvokeResponse, type UnaryEnd, UnaryListener } from "./invocation.ts";
import { type CallParams, readCallParams, readConnectParams } from "./params.ts";
import { decodeHealthResponse, encodeHealthRequest, healthPath } from "./protocols.ts";
import { reflectMethods } from "./reflection.ts";
import { recordDuration, type RpcNames } from "./series.ts";
import { type CodeObject, codes, healthObject, statusName } from "./status.ts";
import { encodeJson, RequestJsonError } from "./to-message.ts";
import { resolve } from "node:path";

const connectInInit = "connecting to a gRPC server in the init context is not supported";
const invokeInInit = "invoking RPC methods in the init context is not supported";
const loadInInit = "load must be called in the init context";
const notConnected = "no gRPC connection, you must call connect first";
const invokeName = "GRPC's client.invoke()";
const defaultTimeoutMs = 120_000;

/** A stream of a client, which ends with its connection. */
interface ClientStream {
  close(): void;
}

/** A unary call, checked and encoded. */
interface PreparedCall {
  readonly method: Method;
  readonly params: CallParams;
  readonly message: Uint8Array;
}

export class GrpcClient {
  readonly #vu: VuContext;
  readonly #methods = new Map<string, Method>();
  readonly #streams = new Set<ClientStream>();
  #address = "";
  #channel: Channel | undefined;

  constructor(vu: VuContext) {
    this.#vu = vu;
  }

  load(folders: unknown, files: readonly unknown[]): MethodInfo[] {
    requireInit(this.#vu, loadInInit);
    const paths = toFolders(folders);
    const { scriptDir } = this.#vu;
    const absolute = (paths.length === 0 ? ["."] : paths).map((path) => resolve(scriptDir, path));
    if (files.length === 0) return [];
    return this.#learn(loadProtoFiles(absolute, files.map(textOf)));
  }

  loadProtoset(path: unknown): MethodInfo[] {
    requireInit(this.#vu, loadInInit);
    return this.#learn(loadProtoset(resolve(this.#vu.scriptDir, textOf(path))));
  }

  /** Blocks until there is a connection. */
  connect(address: unknown, params: unknown): boolean {
    forbidInInit(this.#vu, connectInInit);
    const read = readConnectParams(params);
    this.#channel?.destroy();
    this.#address = address === undefined ? "" : textOf(address);
    const channel = new Channel(this.#vu, this.#address, read);
    const connecting = async (): Promise<boolean> => {
      try {
        await channel.open(read.timeoutMs);
        this.#channel = channel;
        if (read.usesReflection) this.#learn(await reflectMethods(channel, read.reflectMetadata));
      } catch (error) {
        if (this.#channel !== channel) channel.destroy();
        throw error;
      } finally {
        channel.countData();
      }
      return true;
    };
    return this.#vu.block(connecting());
  }

  /** Blocks until the call is over. */
  invoke(method: unknown, request: unknown, params: unknown): InvokeResponse {
    const call = this.#prepare(method, request, params);
    return this.#vu.suspend((waiting) => {
      this.#send(call).then(
        (response) => waiting.done(response),
        (error: unknown) => waiting.fail(error),
      );
    });
  }

  asyncInvoke(method: unknown, request: unknown, params: unknown): Promise<InvokeResponse> {
    let call: PreparedCall;
    try {
      call = this.#prepare(method, request, params);
    } catch (error) {
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what k6 rejects with is no Error
      return Promise.reject(error instanceof GoError ? goErrorValue(error.message) : error);
    }
    return this.#vu.track(this.#send(call));
  }

  /** Blocks until the server has answered. */
  healthCheck(service: unknown): { status: CodeObject } {
    const channel = this.connectedChannel();
    const message = encodeHealthRequest(service === undefined ? "" : textOf(service));
    const request = { path: healthPath, metadata: [], timeoutMs: defaultTimeoutMs };
    const checking = async (): Promise<{ status: CodeObject }> => {
      const end = await this.#exchange(channel, request, message, (done) => {
        recordDuration(this.#vu, this.#vu.tags, { names: undefined, ...done });
      });
      if (end.code !== codes.ok)
        throw new GoError(`rpc error: code = ${statusName(end.code)} desc = ${end.message}`);
      return { status: healthObject(decodeHealthResponse(end.bytes!)) };
    };
    return this.#vu.block(checking());
  }

  close(): void {
    for (const stream of this.#streams) stream.close();
    this.#channel?.destroy();
    this.#channel = undefined;
  }

  // --- for streams -------------------------------------------------------------------------------

  /** @throws GoError when there is no connection */
  connectedChannel(): Channel {
    if (this.#channel === undefined) throw new GoError(notConnected);
    return this.#channel;
  }

  /** @throws GoError when there is no such method */
  findMethod(given: unknown): Method {
    const text = given === undefined && this.#channel === undefined ? "" : textOf(given);
    const path = text.startsWith("/") ? text : `/${text}`;
    const method = this.#methods.get(path);
    if (method === undefined)
      throw new GoError(`method ${JSON.stringify(path)} not found in file descriptors`);
    return method;
  }

  namesOf(method: Method): RpcNames {
    const path = method.info.full_method;
    return { url: this.#address + path, path };
  }

  addStream(stream: ClientStream): () => void {
    this.#streams.add(stream);
    return () => void this.#streams.delete(stream);
  }

  // --- calls -------------------------------------------------------------------------------------

  #learn(methods: Methods): MethodInfo[] {
    for (const [path, method] of methods) this.#methods.set(path, method);
    return [...methods.values()].map(({ info }) => ({ ...info }));
  }

  #prepare(method: unknown, request: unknown, params: unknown): PreparedCall {
    forbidInInit(this.#vu, invokeInInit);
    this.connectedChannel();
    if (method === undefined || method === "")
      throw new GoError("method to invoke cannot be empty");
    const found = this.findMethod(method);
    const read = readCallParams(this.#vu, params, invokeName);
    if (request === undefined) throw new GoError("request cannot be nil");
    if (request === null) throw new TypeError("Cannot convert undefined or null to object");
    return { method: found, params: read, message: encodeRequest(found, request) };
  }

  async #send({ method, params, message }: PreparedCall): Promise<InvokeResponse> {
    const channel = this.connectedChannel();
    const names = this.namesOf(method);
    const { tags, metadata, discardsResponse } = params;
    const timeoutMs = params.timeoutMs === 0 ? defaultTimeoutMs : params.timeoutMs;
    const request = { path: names.path, metadata, timeoutMs };
    const end = await this.#exchange(channel, request, message, (done) => {
      recordDuration(this.#vu, tags, { names, ...done });
    });
    return createResponse(method.responseType, end, discardsResponse);
  }

  // oxlint-disable-next-line max-params -- a request, what it carries, and who hears of its end
  async #exchange(
    channel: Channel,
    request: Parameters<Channel["start"]>[0],
    message: Uint8Array,
    onDone: (done: { status: number; durationMs: number }) => void,
  ): Promise<UnaryEnd> {
    const { clock } = this.#vu;
    const startMs = clock.nowMs();
    return await new Promise((settle, reject) => {
      const listener = new UnaryListener((end) => {
        if (!end.isLate) onDone({ status: end.code, durationMs: clock.nowMs() - startMs });
        channel.countData();
        settle(end);
      });
      try {
        const started = channel.start(request, listener);
        if (started instanceof Promise) {
          started.then((call) => {
            if (call !== undefined) listener.begin(call, message);
          }, reject);
        } else {
          listener.begin(started, message);
        }
      } catch (error) {
        // Header fields that HTTP/2 cannot carry.
        listener.onEnd(localEnd(codes.internal, (error as Error).message));
      }
    });
  }
}

/** @throws GoError for what is no such message */
function encodeRequest(method: Method, request: unknown): Uint8Array {
  try {
    return encodeJson(method.requestType, request);
  } catch (error) {
    if (error instanceof RequestJsonError) {
      throw new GoError(`unable to serialise request object to protocol buffer: ${error.message}`);
    }
    throw error;
  }
}

function toFolders(given: unknown): string[] {
  if (given === undefined || given === null) return [];
  if (Array.isArray(given)) return given.map(textOf);
  throw new TypeError(
    `could not convert function call parameter 0: could not convert ${textOf(given)} to []string`,
  );
}

/** A Go error that was not thrown: no Error, but text when it is shown. */
function goErrorValue(message: string): object {
  const value = { error: () => message };
  Object.defineProperty(value, "toString", { value: () => message });
  return value;
}
