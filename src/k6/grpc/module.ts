/** Module `k6/net/grpc`: Client, Stream and the constants (reference k6-behaviour 5.7). */
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { GrpcClient } from "./client.ts";
import type { Method } from "./definitions.ts";
import { readCallParams } from "./params.ts";
import { type CodeObject, constants } from "./status.ts";
import { GrpcStream } from "./stream.ts";

/** The state behind the client objects of scripts. */
const clients = new WeakMap<object, GrpcClient>();

/** The constructors of `k6/net/grpc`; like k6's they work without `new` as well. */
interface GrpcConstructors {
  readonly Client: () => object;
  readonly Stream: (client?: unknown, method?: unknown, params?: unknown) => object;
}

/** Builds module `k6/net/grpc` for one VU. */
export function createGrpc(vu: VuContext): GrpcConstructors & Readonly<Record<string, unknown>> {
  const constructors: GrpcConstructors = {
    Client: function Client(): object {
      return createClient(vu);
    },
    Stream: function Stream(client?: unknown, method?: unknown, params?: unknown): object {
      return createStream(vu, { client, method, params });
    },
  };
  return { ...constructors, ...(constants as Readonly<Record<string, CodeObject>>) };
}

function createClient(vu: VuContext): object {
  const client = new GrpcClient(vu);
  const object = {
    asyncInvoke: (method?: unknown, request?: unknown, params?: unknown) =>
      client.asyncInvoke(method, request, params),
    close: () => client.close(),
    connect: (address?: unknown, params?: unknown) => client.connect(address, params),
    healthCheck: (service?: unknown) => client.healthCheck(service),
    invoke: (method?: unknown, request?: unknown, params?: unknown) =>
      client.invoke(method, request, params),
    load: (folders?: unknown, ...files: unknown[]) => client.load(folders, files),
    loadProtoset: (path?: unknown) => client.loadProtoset(path),
  };
  clients.set(object, client);
  return object;
}

function createStream(
  vu: VuContext,
  given: { client: unknown; method: unknown; params: unknown },
): object {
  const client = toClient(given.client);
  const method = toMethod(client, given.method);
  const params = readCallParams(vu, given.params, "GRPC Stream's");
  const stream = new GrpcStream(vu, client, { method, params });
  return {
    on: (event: unknown, listener: unknown) => stream.on(event, listener),
    write: (message: unknown) => stream.write(message),
    end: () => stream.end(),
  };
}

function toClient(given: unknown): GrpcClient {
  const refuse = (what: string): never => {
    throw new GoError(`invalid GRPC Stream's client: ${what}`);
  };
  if (given === undefined || given === null) return refuse("empty gRPC client");
  const client = clients.get(Object(given) as object) ?? refuse("not a gRPC client");
  try {
    client.connectedChannel();
  } catch (error) {
    return refuse((error as Error).message);
  }
  return client;
}

function toMethod(client: GrpcClient, given: unknown): Method {
  try {
    return client.findMethod(given);
  } catch (error) {
    throw new GoError(`invalid GRPC Stream's method: ${(error as Error).message}`);
  }
}
