/**
 * OTLP receivers on loopback for tests of the output: over HTTP, and over gRPC by @grpc/grpc-js. What they get is decoded
 * with the official definitions, as the JavaScript SDK has them compiled, and kept.
 */
import { once } from "node:events";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TlsOptions } from "node:tls";
import { gunzipSync } from "node:zlib";
import * as grpc from "@grpc/grpc-js";
import root from "@opentelemetry/otlp-transformer/build/src/generated/root.js";

type Scope = { after(close: () => Promise<void> | void): unknown };

interface MessageType {
  decode(bytes: Uint8Array): object;
  encode(message: object): { finish(): Uint8Array };
  toObject(message: object, options: { longs: typeof String; arrays: boolean }): unknown;
}

/** What the file says of its types is that there are some. */
const messages = (
  root as unknown as {
    opentelemetry: { proto: { collector: { metrics: { v1: Record<string, MessageType> } } } };
  }
).opentelemetry.proto.collector.metrics.v1;
const requestType = messages["ExportMetricsServiceRequest"]!;
const responseType = messages["ExportMetricsServiceResponse"]!;

/** A data point of any kind, with the texts and numbers of its message. */
export interface ReceivedPoint {
  readonly attributes: Readonly<Record<string, string>>;
  readonly startNano: bigint;
  readonly timeNano: bigint;
  /** asDouble or asInt, by its name. */
  readonly value: readonly [name: string, value: number] | undefined;
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** sum, gauge, histogram or exponentialHistogram. */
  readonly kind: string;
  /** Temporality and monotonicity, as far as the kind has them. */
  readonly temporality: number | undefined;
  readonly isMonotonic: boolean | undefined;
  readonly points: readonly ReceivedPoint[];
}

/** One export. */
export interface ReceivedExport {
  readonly resource: Readonly<Record<string, string>>;
  readonly scope: { readonly name: string; readonly version: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly byteLength: number;
  readonly metrics: readonly ReceivedMetric[];
}

export interface OtlpReceiver {
  /** "127.0.0.1:port" */
  readonly address: string;
  readonly exports: readonly ReceivedExport[];
  /** The points of the newest export that has the metric; empty without. */
  latest(metric: string): readonly ReceivedPoint[];
}

interface ReceiverOptions {
  /** A free one when left out. */
  readonly port?: number;
}

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface RawMetric extends Record<string, unknown> {
  readonly name?: string;
  readonly unit?: string;
  readonly description?: string;
}

interface RawData {
  readonly dataPoints: readonly Record<string, unknown>[];
  readonly aggregationTemporality?: number;
  readonly isMonotonic?: boolean;
}

interface RawRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name?: string; readonly version?: string };
      readonly metrics: readonly RawMetric[];
    }[];
  }[];
}

/** Decodes the bytes of a request with the official definitions. */
export function decodeExport(bytes: Uint8Array): Omit<ReceivedExport, "headers"> {
  const request = requestType.toObject(requestType.decode(bytes), {
    longs: String,
    arrays: true,
  }) as RawRequest;
  const [resource] = request.resourceMetrics;
  const [scope] = resource!.scopeMetrics;
  return {
    resource: attributesOf(resource!.resource.attributes),
    scope: { name: scope!.scope.name ?? "", version: scope!.scope.version ?? "" },
    byteLength: bytes.byteLength,
    metrics: scope!.metrics.map(toMetric),
  };
}

const kinds = ["sum", "gauge", "histogram", "exponentialHistogram", "summary"];

function toMetric(raw: RawMetric): ReceivedMetric {
  const kind = kinds.find((each) => raw[each] !== undefined)!;
  const data = raw[kind] as RawData;
  const { name = "", unit = "", description = "" } = raw;
  const { aggregationTemporality: temporality, isMonotonic } = data;
  return {
    name,
    unit,
    description,
    kind,
    temporality,
    isMonotonic,
    points: data.dataPoints.map(toPoint),
  };
}

function toPoint(raw: Record<string, unknown>): ReceivedPoint {
  const named = ["asDouble", "asInt"].find((name) => raw[name] !== undefined);
  return {
    attributes: attributesOf(raw["attributes"] as readonly KeyValue[]),
    startNano: BigInt((raw["startTimeUnixNano"] as string | undefined) ?? 0),
    timeNano: BigInt((raw["timeUnixNano"] as string | undefined) ?? 0),
    value: named === undefined ? undefined : [named, Number(raw[named])],
    raw,
  };
}

function attributesOf(list: readonly KeyValue[]): Record<string, string> {
  const keys = new Set(list.map(({ key }) => key));
  if (keys.size !== list.length) throw new Error("an attribute comes twice");
  return Object.fromEntries(
    list.map(({ key, value }) => [key, value.stringValue ?? "(not a text)"]),
  );
}

/** Bytes of an ExportMetricsServiceResponse. */
export function exportResponse(rejected = 0, message = ""): Buffer {
  const partialSuccess =
    rejected === 0 && message === ""
      ? {}
      : { partialSuccess: { rejectedDataPoints: rejected, errorMessage: message } };
  return Buffer.from(responseType.encode(partialSuccess).finish());
}

class Received {
  readonly exports: ReceivedExport[] = [];

  add(bytes: Uint8Array, headers: Readonly<Record<string, string>>): void {
    this.exports.push({ ...decodeExport(bytes), headers });
  }

  latest(metric: string): readonly ReceivedPoint[] {
    for (const { metrics } of this.exports.toReversed()) {
      const found = metrics.find(({ name }) => name === metric);
      if (found !== undefined) return found.points;
    }
    return [];
  }
}

/** Answers one request instead of the receiver; false leaves it to the receiver. */
export type HttpAnswerer = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Keeps what comes, unless `answer` answers. */
export async function startHttpReceiver(
  t: Scope,
  options: ReceiverOptions & { readonly answer?: HttpAnswerer; readonly tls?: TlsOptions } = {},
): Promise<OtlpReceiver> {
  const received = new Received();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => void chunks.push(chunk));
    request.on("end", () => {
      if (options.answer?.(request, response) === true) return;
      const body = Buffer.concat(chunks);
      const { headers } = request;
      received.add(headers["content-encoding"] === "gzip" ? gunzipSync(body) : body, {
        ...(headers as Record<string, string>),
        ":path": request.url!,
      });
      response.setHeader("content-type", "application/x-protobuf");
      response.end(exportResponse());
    });
  };
  const server =
    options.tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer(options.tls, listener);
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    exports: received.exports,
    latest: (metric) => received.latest(metric),
  };
}

export type GrpcCallback = grpc.sendUnaryData<Buffer>;

/** Answers one call instead of the receiver; false leaves it to the receiver. */
export type GrpcAnswerer = (callback: GrpcCallback, metadata: grpc.Metadata) => boolean;

/** The same over gRPC. */
export async function startGrpcReceiver(
  t: Scope,
  options: ReceiverOptions & {
    readonly answer?: GrpcAnswerer;
    readonly credentials?: grpc.ServerCredentials;
  } = {},
): Promise<OtlpReceiver> {
  const received = new Received();
  // As a collector: 4 MiB in a message.
  const server = new grpc.Server();
  server.addService(metricsService, {
    Export: (call: grpc.ServerUnaryCall<Buffer, Buffer>, callback: GrpcCallback) => {
      if (options.answer?.(callback, call.metadata) === true) return;
      received.add(call.request, call.metadata.getMap() as Record<string, string>);
      callback(null, exportResponse());
    },
  });
  const credentials = options.credentials ?? grpc.ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${options.port ?? 0}`, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  t.after(() => server.forceShutdown());
  return {
    address: `127.0.0.1:${port}`,
    exports: received.exports,
    latest: (metric) => received.latest(metric),
  };
}

/** Messages stay bytes: the receiver decodes them as it decodes those of HTTP. */
const metricsService: grpc.ServiceDefinition = {
  Export: {
    path: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    requestStream: false,
    responseStream: false,
    requestSerialize: (message: Buffer) => message,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (message: Buffer) => message,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};
