import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { openOutputs } from "../../../src/outputs/index.ts";
import { SampleDirectory } from "../../../src/outputs/samples.ts";
import { SampleWriter } from "../../../src/outputs/sample-writer.ts";
import type { Samples } from "../../../src/outputs/index.ts";
import { outputBench } from "../../support/outputs.ts";

const folder = mkdtempSync(join(tmpdir(), "lakh-outputs-"));
after(() => rmSync(folder, { recursive: true }));

async function refusal(request: string): Promise<LakhError> {
  try {
    const outputs = await openOutputs([request], outputBench().context);
    await outputs.stop();
  } catch (error) {
    if (error instanceof LakhError) return error;
    throw error;
  }
  throw new Error(`"${request}" was accepted`);
}

describe("openOutputs", () => {
  it("says k6's words about an output that nobody knows", async () => {
    const error = await refusal("foo=bar");
    assert.equal(
      error.message,
      "invalid output type 'foo', available types are: cloud, csv, experimental-opentelemetry, experimental-prometheus-rw, influxdb, json, opentelemetry, statsd, web-dashboard",
    );
    assert.equal(error.exitCode, 255);
    assert.equal((await refusal("constructor")).code, "OUTPUT_UNKNOWN");
  });

  it("points to the extension for what k6 has given up", async () => {
    for (const name of ["datadog", "kafka"]) {
      const error = await refusal(name);
      assert.equal(error.code, "OUTPUT_REMOVED");
      assert.match(
        error.message,
        new RegExp(`^could not create the '${name}' output: the ${name} `),
      );
    }
    assert.match((await refusal("datadog")).hint ?? "", /--out dogstatsd/u);
  });

  it("names what k6 has and lakh has not, and the way out", async () => {
    const ways = { cloud: /--runner k6/u, "web-dashboard": /--dashboard/u };
    for (const [name, way] of Object.entries(ways)) {
      const error = await refusal(`${name}=http://h`);
      assert.equal(error.code, "OUTPUT_NOT_YET");
      assert.match(error.message, new RegExp(`'${name}'`, "u"));
      assert.match(error.hint ?? "", way);
    }
  });

  it("feeds several outputs at once, and describes each as k6 does", async () => {
    const bench = outputBench({ resolvePath: (path) => join(folder, path) });
    const outputs = await openOutputs(["json=a.json", "csv=b.csv", "json"], bench.context);
    assert.deepEqual(outputs.descriptions, ["json (a.json)", "csv (b.csv)", "json(stdout)"]);
    assert.equal(outputs.wantSamples, true);
    assert.equal(outputs.wantIntervals, false);
    bench.log(outputs, ({ add }) => add("iterations", 1));
    await outputs.stop();
    assert.equal(readFileSync(join(folder, "a.json"), "utf8"), bench.stdout());
    assert.equal(readFileSync(join(folder, "b.csv"), "utf8").split("\n").length, 3);
  });

  it("wants nothing when there are no outputs", async () => {
    const outputs = await openOutputs([], outputBench().context);
    assert.equal(outputs.wantSamples || outputs.wantIntervals, false);
    await outputs.stop();
  });

  it("says which file cannot be opened, as k6 does", async () => {
    const error = await refusal("json=/nodir/x.json");
    assert.equal(error.message, "open /nodir/x.json: no such file or directory");
    assert.equal(error.exitCode, 255);
  });
});

describe("the log of raw samples", () => {
  it("gives all samples of a request one time, and later ones their own", async () => {
    const bench = outputBench();
    const outputs = await openOutputs(["csv=fileName=-,timeFormat=unix_milli"], bench.context);
    bench.log(outputs, ({ add, setTime }) => {
      setTime(1_000);
      add("http_reqs", 1);
      setTime(1_001);
      add("http_req_duration", 5);
      add("http_req_failed", 0);
      add("my_trend", 1);
      setTime(1_002);
      add("iterations", 1);
      add("data_sent", 1);
      setTime(1_003);
      add("iterations", 1);
    });
    await outputs.stop();
    const times = bench
      .stdout()
      .split("\n")
      .slice(1, -1)
      .map((row) => row.split(",")[1]);
    // The row of an iteration begins with data_sent: `iterations` alone takes the time at which it comes.
    assert.deepEqual(times, ["1000", "1000", "1000", "1001", "1002", "1002", "1002"]);
  });

  it("hands on a full batch at once, and loses none over many batches", async () => {
    const bench = outputBench();
    const outputs = await openOutputs(["json"], bench.context);
    bench.log(outputs, ({ add, setMetadata }) => {
      for (let n = 0; n < 20_000; n++) {
        setMetadata({ iter: String(n) });
        add("my_trend", n, { tag: String(n % 7) });
      }
    });
    await outputs.stop();
    const points = bench.stdout().split("\n").slice(1, -1);
    assert.equal(points.length, 20_000);
    for (const [n, line] of points.entries()) {
      const { data } = JSON.parse(line) as {
        data: { value: number; tags: { tag: string }; metadata: { iter: string } };
      };
      assert.deepEqual(
        [data.value, data.tags.tag, data.metadata.iter],
        [n, String(n % 7), String(n)],
      );
    }
  });

  it("leaves metadata off dropped iterations, which no VU had", async () => {
    const bench = outputBench();
    const outputs = await openOutputs(["json"], bench.context);
    bench.log(outputs, ({ add, setMetadata }) => {
      setMetadata({ vu: "3" });
      add("dropped_iterations", 1);
    });
    await outputs.stop();
    assert.ok(!bench.stdout().includes("metadata"));
  });
});

describe("a slow or failing sink", () => {
  const samplesOf = (count: number): Samples => {
    const batch = {
      metrics: [{ name: "m", type: "counter", contains: "default" } as const],
      tagSets: [{}],
      series: [[0, 0] as const],
      seriesIds: new Uint32Array(count),
      values: new Float64Array(count),
      timesMs: new Float64Array(count),
      metadata: [],
      metadataIds: undefined,
    };
    return new SampleDirectory().resolve(batch, 0);
  };
  const encode = (_: Samples, from: number, to: number): string => "x".repeat(to - from);

  it("is reported once when it fails, and writes no more", async () => {
    const bench = outputBench();
    let writes = 0;
    const writer = new SampleWriter({
      description: "json (full.json)",
      encode,
      flushIntervalMs: 60_000,
      logger: bench.context.logger,
      sink: {
        write: () => {
          writes++;
          return Promise.reject(new Error("ENOSPC: no space left on device, write"));
        },
        close: () => Promise.reject(new Error("closed twice")),
      },
    });
    writer.add(samplesOf(10_000));
    await writer.stop();
    assert.equal(writes, 1);
    assert.deepEqual(bench.lines, [
      "error output json (full.json) failed: ENOSPC: no space left on device, write; the samples from here on are missing in it, the run goes on",
    ]);
  });

  it("drops what does not fit, says so, and says at the end how much", async () => {
    const bench = outputBench();
    let written = 0;
    const writer = new SampleWriter({
      description: "csv (slow.csv)",
      encode,
      flushIntervalMs: 60_000,
      limit: 1_000,
      logger: bench.context.logger,
      sink: {
        write: (text) => {
          written += text.length;
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      },
    });
    writer.add(samplesOf(900));
    writer.add(samplesOf(200));
    writer.add(samplesOf(300));
    await writer.stop();
    assert.equal(written, 900);
    assert.equal(bench.lines.length, 2);
    assert.match(bench.lines[0]!, /^warning output csv \(slow\.csv\) cannot keep up/u);
    assert.equal(bench.lines[1], "error output csv (slow.csv): 500 samples are missing in it");
  });

  it("reports a real disk that is full", { skip: !existsSync("/dev/full") }, async () => {
    const bench = outputBench();
    const outputs = await openOutputs(["json=/dev/full"], bench.context);
    bench.log(outputs, ({ add }) => add("iterations", 1));
    await outputs.stop();
    assert.equal(bench.lines.length, 1);
    assert.match(bench.lines[0]!, /^error output json \(\/dev\/full\) failed: ENOSPC/u);
  });
});
