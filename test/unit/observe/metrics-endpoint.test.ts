import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { createMetricsEndpointSource, type ObservationSource } from "../../../src/observe/index.ts";

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function sourceOf(listener: RequestListener): Promise<ObservationSource> {
  server = createServer(listener);
  await new Promise<void>((resolve) => void server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return createMetricsEndpointSource(`http://127.0.0.1:${port}/metrics`);
}

describe("metrics endpoint", () => {
  it("reads CPU as a total, memory, and the lag in milliseconds", async () => {
    const source = await sourceOf((_request, response) => {
      response.end(
        "process_cpu_seconds_total 3.5\nprocess_resident_memory_bytes 2e8\nnodejs_eventloop_lag_p99_seconds 0.012\nother 1\n",
      );
    });
    assert.deepEqual(await source.read(), [
      { name: "cpu_cores", unit: "cores", value: 3.5, isTotal: true },
      { name: "memory_bytes", unit: "bytes", value: 2e8, isTotal: false },
      { name: "event_loop_lag_ms", unit: "ms", value: 12, isTotal: false },
    ]);
  });

  it("adds up the workers' CPU and memory, and takes the worst lag", async () => {
    const source = await sourceOf((_request, response) => {
      const lines = [
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "nodejs_eventloop_lag_p99_seconds",
      ];
      response.end(lines.map((name) => `${name}{worker="0"} 1\n${name}{worker="1"} 2\n`).join(""));
    });
    assert.deepEqual(
      (await source.read()).map(({ value }) => value),
      [3, 3, 2_000],
    );
  });

  it("reads a page that comes in pieces, cut inside a number and a character", async () => {
    const bytes = Buffer.from('x{a="ü"} 1\nprocess_resident_memory_bytes 123456\n');
    const source = await sourceOf((_request, response) => {
      for (let at = 0; at < bytes.length; at += 1) response.write(bytes.subarray(at, at + 1));
      response.end();
    });
    assert.deepEqual(
      (await source.read()).map(({ value }) => value),
      [123_456],
    );
  });

  it("rejects another status, and a page without any known metric", async () => {
    let status = 503;
    const source = await sourceOf((_request, response) => {
      response.statusCode = status;
      response.end("<html>hello</html>");
    });
    await assert.rejects(source.read(), /answered 503/u);
    status = 200;
    await assert.rejects(source.read(), /none of process_cpu_seconds_total/u);
  });

  it("gives up on an endless page with bounded memory", async () => {
    const chunk = Buffer.alloc(1024 * 1024, "a 1\n");
    let isClosed = false;
    const source = await sourceOf((_request, response) => {
      const pour = (): void => {
        while (!isClosed && response.write(chunk));
      };
      response.on("drain", pour).on("close", () => {
        isClosed = true;
      });
      pour();
    });
    await assert.rejects(source.read(), /longer than 33554432 bytes/u);
  });

  it("rejects when nothing listens", async () => {
    const source = await sourceOf(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    await assert.rejects(source.read(), /fetch failed/u);
  });
});
