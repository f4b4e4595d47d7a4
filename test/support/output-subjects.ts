/**
 * Every output with the backends that its contract is tested on: one that works and can tell what has arrived, one that is
 * dead, one that hangs, one that answers nonsense. What an output has no such backend for stands here with the reason.
 */
import { execFileSync } from "node:child_process";
import { constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type InfluxApiParts, startInfluxApi } from "./influx-api.ts";
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

/** Answers everything with what is no HTTP. */
async function babbler(t: Scope): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write("\0\u001b[31m<html>moo\r\n\r\n"));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}
