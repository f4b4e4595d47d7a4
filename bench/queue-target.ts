/**
 * A target of known capacity: an HTTP server behind which a queue of c servers works (queue.ts). It answers every request
 * at the moment that the queue says, so its capacity follows from its parameters, not from the machine it runs on.
 *
 *     node dist/bench/queue-target.js [--port 0] [--servers 4] [--service-ms 20] [--distribution lognormal]
 *                                     [--line 1000] [--seed 1]     prints {"event":"listening","url":…,"pid":…}
 *
 * `--line`: requests that may be in the queue, being served included; one more is answered with 503 at once.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { QueueLine, type QueueModel, randomFrom } from "./queue.ts";

export interface QueueTarget {
  readonly url: string;
  close(): Promise<void>;
}

export type QueueTargetOptions = Pick<QueueModel, "servers" | "meanServiceMs" | "service"> & {
  readonly port: number;
  /** Undefined: as long as it gets. */
  readonly longestLine: number | undefined;
  readonly seed: number;
};

export async function startQueueTarget(options: QueueTargetOptions): Promise<QueueTarget> {
  const { servers, meanServiceMs, service, longestLine = Infinity, seed, port } = options;
  const model: QueueModel = { servers, meanServiceMs, service, arrivals: "even" };
  const line = new QueueLine(model, randomFrom(seed));
  let inside = 0;
  const server = createServer((_request, response) => {
    if (inside >= longestLine) {
      response.writeHead(503).end("full");
      return;
    }
    inside++;
    const nowMs = performance.now();
    // Rounded up: a timer counts whole milliseconds and would be early by a part of one.
    const waitMs = Math.ceil(line.arrive(nowMs) - nowMs);
    setTimeout(() => {
      inside--;
      response.end("ok");
    }, waitMs);
  });
  server.keepAliveTimeout = 60_000;
  await listen(server, port);
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port, backlog: 8_192 }, () => resolve());
  });
}

const distributions = ["exponential", "deterministic", "lognormal"] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      servers: { type: "string", default: "4" },
      "service-ms": { type: "string", default: "20" },
      distribution: { type: "string", default: "lognormal" },
      line: { type: "string" },
      seed: { type: "string", default: "1" },
    },
  });
  const service = distributions.find((name) => name === values.distribution);
  if (service === undefined)
    throw new Error(`--distribution must be one of ${distributions.join(", ")}`);
  const target = await startQueueTarget({
    port: Number(values.port),
    servers: Number(values.servers),
    meanServiceMs: Number(values["service-ms"]),
    service,
    longestLine: values.line === undefined ? undefined : Number(values.line),
    seed: Number(values.seed),
  });
  process.stdout.write(
    `${JSON.stringify({ event: "listening", url: target.url, pid: process.pid })}\n`,
  );
  const stop = (): void => void target.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
