/**
 * A real OpenTelemetry collector for tests: `LAKH_OTELCOL`, or the one on the PATH (any distribution has the parts that
 * are used; `go build -mod=mod` in otel-collector/ makes one). It takes OTLP on two free loopback ports and hands
 * everything on by OTLP over HTTP.
 */
import { spawn, spawnSync } from "node:child_process";
import { connect } from "node:net";
import type { TestContext } from "node:test";
import { freePorts } from "./free-port.ts";

const given = process.env["LAKH_OTELCOL"];
const path = [given, "otelcol", "otelcol-contrib"].find(
  (name) => name !== undefined && spawnSync(name, ["--version"]).status === 0,
);

export interface Collector {
  readonly grpcAddress: string;
  readonly httpAddress: string;
}

/** Undefined after skipping the test by name; where everything must run, its absence is a failure. */
export async function startCollector(
  t: TestContext,
  destination: string,
): Promise<Collector | undefined> {
  if (path === undefined) {
    if (process.env["LAKH_NO_SKIPS"] === "1" && given !== undefined)
      throw new Error(`LAKH_OTELCOL is ${given}, which is no collector`);
    t.skip("there is no OpenTelemetry collector on the PATH or in LAKH_OTELCOL");
    return undefined;
  }
  const [grpcPort, httpPort] = await freePorts(2);
  const config = {
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `127.0.0.1:${grpcPort}` },
          http: { endpoint: `127.0.0.1:${httpPort}` },
        },
      },
    },
    exporters: { otlphttp: { endpoint: `http://${destination}`, compression: "none" } },
    service: {
      telemetry: { metrics: { level: "none" } },
      pipelines: { metrics: { receivers: ["otlp"], exporters: ["otlphttp"] } },
    },
  };
  const child = spawn(path, ["--config", `yaml:${JSON.stringify(config)}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  t.after(async () => {
    child.kill();
    await ended;
  });
  for (const port of [grpcPort, httpPort]) {
    while (!(await isListening(port)))
      if (child.exitCode !== null) throw new Error(`the collector has ended: ${log}`);
  }
  return { grpcAddress: `127.0.0.1:${grpcPort}`, httpAddress: `127.0.0.1:${httpPort}` };
}

async function isListening(port: number): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
