import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Interval, openOutputs, type Outputs } from "../../../../src/outputs/index.ts";
import { freePort } from "../../../support/free-port.ts";
import { IntervalBench } from "../../../support/intervals.ts";
import {
  exportResponse,
  type OtlpReceiver,
  type ReceivedPoint,
  startGrpcReceiver,
  startHttpReceiver,
} from "../../../support/otlp-receiver.ts";
import { outputBench } from "../../../support/outputs.ts";

interface Run {
  readonly outputs: Outputs;
  readonly lines: readonly string[];
  readonly bench: IntervalBench;
  /** Ends an interval of one second. */
  readonly tick: () => void;
}

async function begin(request: string, env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const { context, lines } = outputBench({ env });
  const outputs = await openOutputs([request], context);
  const bench = new IntervalBench();
  let wallMs = context.clock.wallMs();
  const tick = (): void => {
    wallMs += 1_000;
    const interval: Interval = bench.interval(wallMs);
    outputs.addInterval(interval);
  };
  return { outputs, lines, bench, tick };
}

const sumOf = (points: readonly ReceivedPoint[]): number =>
  points.reduce((sum, { value }) => sum + value![1], 0);

/** Waits until something is so; the test's own time limit ends it otherwise. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("the opentelemetry output", () => {
  it("says where it sends to, and asks for sums a second", async () => {
    for (const [request, description] of [
      ["opentelemetry", "opentelemetry (grpc, localhost:4317)"],
      ["opentelemetry=grpc://h", "opentelemetry (grpc (insecure), h:4317)"],
      [
        "opentelemetry=http://me:secret@h:4318/?key=secret",
        "opentelemetry (http/protobuf, http://h:4318/v1/metrics)",
      ],
    ] as const) {
      const { outputs } = await begin(request);
      assert.deepEqual(outputs.descriptions, [description]);
      assert.deepEqual([outputs.wantSamples, outputs.wantIntervals], [false, true]);
      await outputs.stop();
    }
  });

  it("has k6's former name, too, and says so", async () => {
    const { outputs, lines } = await begin("experimental-opentelemetry=http://h");
    await outputs.stop();
    assert.deepEqual(lines, [
      "warning the output experimental-opentelemetry is called opentelemetry now: use --out opentelemetry",
    ]);
  });

  const transports: readonly (readonly [
    scheme: string,
    start: (t: Parameters<typeof startHttpReceiver>[0]) => Promise<OtlpReceiver>,
  ])[] = [
    ["http", startHttpReceiver],
    ["grpc", startGrpcReceiver],
  ];
  for (const [scheme, start] of transports) {
    it(`sends everything since the start every ten seconds and at the end, over ${scheme}`, async (t) => {
      const receiver = await start(t);
      const run = await begin(`opentelemetry=${scheme}://${receiver.address}`);
      for (let second = 0; second < 25; second++) {
        for (let worker = 0; worker < 3; worker++) {
          run.bench.add("http_reqs", 2, { method: "GET" }, worker);
          run.bench.add("http_req_failed", second % 2, { method: "GET" }, worker);
          run.bench.add("http_req_duration", 10 + second, { method: "GET" }, worker);
        }
        run.tick();
      }
      await run.outputs.stop();
      // After 1, 11, 21 and 25 seconds.
      const counts = receiver.exports.map(({ metrics }) =>
        sumOf(metrics.find(({ name }) => name === "http_reqs")!.points),
      );
      assert.deepEqual(counts, [6, 66, 126, 150]);
      const [duration] = receiver.latest("http_req_duration");
      const { count, sum, min, max } = duration!.raw;
      assert.deepEqual([count, sum, min, max], ["75", 75 * 22, 10, 34]);
      const failed = receiver.latest("http_req_failed.total");
      assert.deepEqual(
        failed.map(({ attributes, value }) => [attributes["condition"], value![1]]),
        [
          ["zero", 39],
          ["nonzero", 36],
        ],
      );
      const times = receiver.exports.map(({ metrics }) => metrics[0]!.points[0]!);
      assert.ok(times.every(({ startNano, timeNano }) => startNano < timeNano));
      assert.equal(new Set(times.map(({ startNano }) => startNano)).size, 1);
      assert.deepEqual(run.lines, []);
    });
  }

  it("delivers what waited while the receiver was away", async (t) => {
    const port = await freePort();
    const run = await begin(`opentelemetry=http://127.0.0.1:${port}`, {
      K6_OTEL_EXPORT_INTERVAL: "1s",
    });
    for (let second = 0; second < 5; second++) {
      run.bench.add("iterations", 1);
      run.tick();
    }
    await until(() => run.lines.length > 0);
    const receiver = await startHttpReceiver(t, { port });
    await run.outputs.stop();
    assert.deepEqual(
      receiver.exports.map(({ metrics }) => sumOf(metrics[0]!.points)),
      [1, 2, 3, 4, 5],
    );
    assert.match(
      run.lines[0]!,
      /^warning output opentelemetry \(http\/protobuf, http:\/\/127\.0\.0\.1:\d+\/v1\/metrics\): connect ECONNREFUSED 127\.0\.0\.1:\d+; it is tried again, the run goes on$/u,
    );
    assert.match(run.lines[1]!, /^info output .*: takes data points again$/u);
    assert.equal(run.lines.length, 2);
  });

  it("waits as long as the receiver asks for", async (t) => {
    const times: number[] = [];
    const receiver = await startHttpReceiver(t, {
      answer: (_, response) => {
        times.push(performance.now());
        if (times.length > 1) return false;
        response.writeHead(429, { "retry-after": "1" }).end();
        return true;
      },
    });
    const run = await begin(`opentelemetry=http://${receiver.address}`);
    run.bench.add("iterations", 1);
    run.tick();
    await until(() => receiver.exports.length > 0);
    await run.outputs.stop();
    assert.ok(times[1]! - times[0]! >= 995, `${times[1]! - times[0]!} ms`);
    assert.match(run.lines[0]!, /it answers 429; it is tried again, the run goes on/u);
  });

  it("tries again when an answer does not come in time, without ever holding up a call", async (t) => {
    let requests = 0;
    const receiver = await startHttpReceiver(t, { answer: () => ++requests === 1 });
    const run = await begin(`opentelemetry=http://${receiver.address}`, {
      OTEL_EXPORTER_OTLP_TIMEOUT: "60",
    });
    run.bench.add("iterations", 1);
    run.tick();
    assert.equal(requests, 0);
    await run.outputs.stop();
    assert.equal(requests, 2);
    assert.equal(sumOf(receiver.latest("iterations")), 1);
    assert.match(run.lines[0]!, /no answer within 0\.06 s; it is tried again/u);
  });

  it("ends with the first refused password, and counts all that did not arrive", async (t) => {
    let requests = 0;
    const { address } = await startHttpReceiver(t, {
      answer: (_, response) => {
        requests++;
        response.writeHead(401).end("bad token");
        return true;
      },
    });
    const run = await begin(`opentelemetry=http://${address}`, { K6_OTEL_EXPORT_INTERVAL: "1s" });
    run.bench.add("iterations", 1);
    run.tick();
    await until(() => run.lines.length > 0);
    for (let second = 0; second < 3; second++) {
      run.bench.add("iterations", 1);
      run.bench.add("http_req_failed", 1);
      run.tick();
    }
    await run.outputs.stop();
    assert.equal(requests, 1);
    assert.match(
      run.lines[0]!,
      /^error output opentelemetry .*: it answers 401 \(bad token\); nothing is sent there any more, the run goes on\. .*K6_OTEL_HEADERS/u,
    );
    // One of the first export, three of each that followed.
    assert.match(run.lines[1]!, /^error output .*: 10 data points did not arrive: it answers 401/u);
    assert.equal(run.lines.length, 2);
  });

  it("counts what was refused of an export that was taken, and passes advice on once", async (t) => {
    let requests = 0;
    const { address } = await startGrpcReceiver(t, {
      answer: (callback) => {
        requests++;
        const answer =
          requests === 2 ? exportResponse(1, "too old") : exportResponse(0, "slow down");
        callback(null, answer);
        return true;
      },
    });
    const run = await begin(`opentelemetry=grpc://${address}`, { K6_OTEL_EXPORT_INTERVAL: "1s" });
    for (let second = 0; second < 4; second++) {
      run.bench.add("iterations", 1);
      run.bench.add("vus", 1);
      run.tick();
    }
    await run.outputs.stop();
    const texts = run.lines.map((line) =>
      line.replace(/output opentelemetry \(.*\): (?=it|\d)/u, ""),
    );
    assert.deepEqual(texts, [
      "warning it says: slow down",
      "warning it refused 1 data points: too old; these data points are dropped, the run goes on",
      "error 1 data points did not arrive: it refused 1 data points: too old",
    ]);
  });

  it("says once that what answers is no receiver", async (t) => {
    const { address } = await startHttpReceiver(t, {
      answer: (_, response) => {
        response.setHeader("content-type", "text/html").end("<h1>It works!</h1>");
        return true;
      },
    });
    const run = await begin(`opentelemetry=http://${address}`, { K6_OTEL_EXPORT_INTERVAL: "1s" });
    for (let second = 0; second < 3; second++) {
      run.bench.add("iterations", 1);
      run.tick();
    }
    await run.outputs.stop();
    assert.equal(run.lines.length, 2);
    assert.match(
      run.lines[0]!,
      /with text\/html, as no OTLP receiver does: is the address right\?/u,
    );
    assert.match(run.lines[1]!, /: 3 data points did not arrive: it answers 200/u);
  });
});
