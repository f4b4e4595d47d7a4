/**
 * Every output with the backends that its contract is tested on: one that works and can tell what has arrived, one that is
 * dead, one that hangs, one that answers nonsense. What an output has no such backend for stands here with the reason.
 */
import { execFileSync } from "node:child_process";
import { constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type InfluxApiParts, startInfluxApi } from "./influx-api.ts";
import { type HttpAnswerer, startGrpcReceiver, startHttpReceiver } from "./otlp-receiver.ts";
import {
  acceptsVersion1,
  type Answer,
  isStaleMarker,
  labelsOf,
  startFakeReceiver,
} from "./remote-write.ts";
import { startUdpReceiver } from "./statsd-lines.ts";

export type Scope = { after(close: () => Promise<void> | void): unknown };

/** Where an output is to write to. */
export interface Backend {
  /** As after `--out`. */
  readonly request: string;
  readonly env?: Readonly<Record<string, string>>;
  /** To be called when the output has started: here the backend dies. */
  readonly onStarted?: () => Promise<void>;
}

export interface WorkingBackend extends Backend {
  /** Sum of the counter `iterations` in what has arrived; throws when anything in it cannot be read. */
  readonly iterations: () => number;
}

/** Opens a backend that ends with the test. */
type Open<B = Backend> = (t: Scope) => Promise<B>;

export interface OutputSubject {
  readonly name: string;
  readonly working: Open<WorkingBackend>;
  /** A reason when there is nothing of the kind. */
  readonly dead: Open | string;
  readonly hanging: Open | string;
  readonly nonsense: Open | string;
  /** It takes sums (`addInterval`), which it counts in a way of its own. */
  readonly isAggregated?: true;
  /** UDP: what nobody complained about counts as arrived. */
  readonly isUnacknowledged?: true;
}

export const outputSubjects: readonly OutputSubject[] = [
  {
    name: "json",
    working: (t) => fileBackend(t, "json", jsonIterations),
    dead: () => Promise.resolve({ request: "json=/dev/full" }),
    hanging: (t) => unreadPipe(t, "json"),
    nonsense: "a file does not answer",
  },
  {
    name: "csv",
    working: (t) => fileBackend(t, "csv", csvIterations),
    dead: async (t) => {
      const { request, close } = await unreadPipe(t, "csv");
      return { request, onStarted: close };
    },
    hanging: (t) => unreadPipe(t, "csv"),
    nonsense: "a file does not answer",
  },
  {
    name: "influxdb",
    working: (t) => influxBackend(t, {}),
    dead: async () => ({ request: `influxdb=http://127.0.0.1:${await freePort()}/k6` }),
    hanging: async (t) => ({
      request: (await influxBackend(t, { instead: () => true })).request,
    }),
    nonsense: async (t) => ({ request: `influxdb=http://127.0.0.1:${await babbler(t)}/k6` }),
  },
  {
    name: "influxdb 2",
    working: (t) => influxBackend(t, influxTwo),
    dead: async () => ({
      request: `influxdb=http://127.0.0.1:${await freePort()}`,
      env: influxTwoEnv,
    }),
    hanging: (t) => influxBackend(t, { ...influxTwo, instead: () => true }),
    nonsense: async (t) => ({
      request: `influxdb=http://127.0.0.1:${await babbler(t)}`,
      env: influxTwoEnv,
    }),
  },
  ...(["statsd", "dogstatsd"] as const).map(
    (name): OutputSubject => ({
      name,
      working: (t) => statsdBackend(t, name),
      dead: async () => ({ request: `${name}=127.0.0.1:${await freePort()}` }),
      hanging: "UDP is not waited for",
      nonsense: (t) => statsdBackend(t, name, Buffer.from([0, 255, 13, 10])),
      isUnacknowledged: true,
    }),
  ),
  {
    name: "prometheus",
    working: (t) => prometheusBackend(t, acceptsVersion1),
    dead: async () => ({ request: `prometheus=http://127.0.0.1:${await freePort()}` }),
    hanging: (t) => prometheusBackend(t, () => undefined),
    nonsense: async (t) => ({ request: `prometheus=http://127.0.0.1:${await babbler(t)}` }),
    isAggregated: true,
  },
  {
    name: "opentelemetry",
    working: (t) => otlpBackend(t),
    dead: async () => ({ request: `opentelemetry=http://127.0.0.1:${await freePort()}` }),
    hanging: (t) => otlpBackend(t, { answer: () => true }),
    nonsense: async (t) => ({ request: `opentelemetry=http://127.0.0.1:${await babbler(t)}` }),
    isAggregated: true,
  },
  {
    name: "opentelemetry over gRPC",
    working: (t) => otlpBackend(t, { isGrpc: true }),
    dead: async () => ({ request: `opentelemetry=grpc://127.0.0.1:${await freePort()}` }),
    hanging: async (t) => ({ request: `opentelemetry=grpc://127.0.0.1:${await silent(t)}` }),
    nonsense: async (t) => ({ request: `opentelemetry=grpc://127.0.0.1:${await babbler(t)}` }),
    isAggregated: true,
  },
];

const influxTwo = { token: "s3cret==", organization: "my org", bucket: "load tests" };
const influxTwoEnv = {
  K6_INFLUXDB_TOKEN: influxTwo.token,
  K6_INFLUXDB_ORGANIZATION: influxTwo.organization,
  K6_INFLUXDB_BUCKET: influxTwo.bucket,
};

async function influxBackend(t: Scope, parts: InfluxApiParts): Promise<WorkingBackend> {
  const api = await startInfluxApi(t, parts);
  return {
    request: `influxdb=${api.url}${parts.token === undefined ? "/load" : ""}`,
    env: parts.token === undefined ? {} : influxTwoEnv,
    iterations: () => api.sum("iterations"),
  };
}

async function statsdBackend(t: Scope, name: string, answer?: Buffer): Promise<WorkingBackend> {
  const receiver = await startUdpReceiver(t, answer);
  return {
    request: `${name}=127.0.0.1:${receiver.port}`,
    iterations: () => receiver.sums()["k6.iterations"] ?? 0,
  };
}

/** Sums since the start of the run: the newest of each series counts. */
async function prometheusBackend(t: Scope, answer: Answer): Promise<WorkingBackend> {
  const receiver = await startFakeReceiver(t, answer);
  return {
    request: `prometheus=${receiver.url}`,
    iterations() {
      const newest = new Map<string, number>();
      for (const series of receiver.received.flatMap((each) => each.series)) {
        if (labelsOf(series)["__name__"] !== "k6_iterations_total") continue;
        for (const { value } of series.samples)
          if (!isStaleMarker(value)) newest.set(JSON.stringify(series.labels), value);
      }
      return [...newest.values()].reduce((sum, value) => sum + value, 0);
    },
  };
}

async function otlpBackend(
  t: Scope,
  { isGrpc = false, answer }: { readonly isGrpc?: boolean; readonly answer?: HttpAnswerer } = {},
): Promise<WorkingBackend> {
  const receiver = isGrpc
    ? await startGrpcReceiver(t)
    : await startHttpReceiver(t, answer === undefined ? {} : { answer });
  return {
    request: `opentelemetry=${isGrpc ? "grpc" : "http"}://${receiver.address}`,
    iterations: () =>
      receiver.latest("iterations").reduce((sum, { value }) => sum + (value?.[1] ?? 0), 0),
  };
}

function temporaryFolder(t: Scope): string {
  const folder = mkdtempSync(join(tmpdir(), "lakh-outputs-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function fileBackend(
  t: Scope,
  name: string,
  iterationsIn: (text: string) => number,
): Promise<WorkingBackend> {
  const path = join(temporaryFolder(t), `out.${name}`);
  return Promise.resolve({
    request: `${name}=${path}`,
    iterations: () => iterationsIn(readFileSync(path, "utf8")),
  });
}

interface JsonLine {
  readonly type: string;
  readonly metric: string;
  readonly data: { readonly value: number };
}

function jsonIterations(text: string): number {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonLine)
    .filter(({ type, metric }) => type === "Point" && metric === "iterations")
    .reduce((sum, { data }) => sum + data.value, 0);
}

/** Rows begin with the metric's name; a field with a line break in it is quoted, and never begins so. */
function csvIterations(text: string): number {
  return [...text.matchAll(/^iterations,\d+,(\d+\.\d{6}),/gmu)].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );
}

/** Somebody has opened it and does not read: writes stop when it is full, and fail when that one has gone. */
async function unreadPipe(
  t: Scope,
  name: string,
): Promise<Backend & { readonly close: () => Promise<void> }> {
  const path = join(temporaryFolder(t), "pipe");
  execFileSync("mkfifo", [path]);
  const reader = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  t.after(() => reader.close());
  return { request: `${name}=${path}`, close: () => reader.close() };
}

/** Takes connections, and says nothing. */
async function silent(t: Scope): Promise<number> {
  return await listen(t, (socket) => void socket.resume());
}

/** Answers everything with what is no HTTP. */
async function babbler(t: Scope): Promise<number> {
  return await listen(t, (socket) => {
    socket.on("data", () => socket.write("\0\u001b[31m<html>moo\r\n\r\n"));
  });
}

async function listen(t: Scope, onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}
