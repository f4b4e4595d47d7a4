/** Outputs, summaries and logs of the real command line, where more than one part has to work together. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { type CliResult, runLakh, scratchFolder } from "../support/cli.ts";
import { freePort } from "../support/free-port.ts";
import { startInfluxApi } from "../support/influx-api.ts";
import { influxdbIsMissing, startInfluxdb } from "../support/influxdb.ts";
import { requireK6 } from "../support/k6-binary.ts";
import type { Point } from "../support/line-protocol.ts";
import { serve } from "../support/local-server.ts";
import { startUdpReceiver } from "../support/statsd-lines.ts";

const script = `
  import { Counter } from "k6/metrics";
  const counter = new Counter("a_counter");
  export const options = { vus: 4, iterations: 400 };
  export function setup() { counter.add(1); }
  export default function () { console.log("iteration"); counter.add(1); }
  export function teardown() { counter.add(1); }`;

const points = (text: string, metric: string): number =>
  text.split("\n").filter((line) => line.startsWith(`{"metric":"${metric}","type":"Point"`)).length;

describe("outputs of lakh run", () => {
  it("have every sample of all workers, of setup() and of teardown()", async (t) => {
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(
      ["run", "-q", "--workers", "2", "--log-output", "none", "-o", "json=a.json", "script.js"],
      { cwd },
    );
    assert.equal(result.code, 0, result.stderr);
    const text = readFileSync(join(cwd, "a.json"), "utf8");
    assert.equal(points(text, "a_counter"), 402);
    assert.equal(points(text, "iterations"), 400);
  });

  it("are named by flags, else by K6_OUT, else by the config file", async (t) => {
    const files = {
      "script.js": "export const options = { iterations: 1 }; export default function () {}",
      "config.json": JSON.stringify({ out: ["json=file.json"] }),
    };
    const cwd = scratchFolder(t, files);
    const config = ["run", "-q", "-c", "config.json"];
    await runLakh([...config, "script.js"], { cwd });
    assert.ok(existsSync(join(cwd, "file.json")));
    const env = { K6_OUT: "csv=env.csv,json=env.json" };
    await runLakh([...config, "script.js"], { cwd, env });
    assert.ok(existsSync(join(cwd, "env.csv")) && existsSync(join(cwd, "env.json")));
    await runLakh([...config, "-o", "csv=flag.csv", "script.js"], {
      cwd,
      env: { K6_OUT: "json=not.json" },
    });
    assert.ok(existsSync(join(cwd, "flag.csv")) && !existsSync(join(cwd, "not.json")));
  });

  it("that cannot be opened end the run before it begins", async (t) => {
    const cwd = scratchFolder(t, { "script.js": script });
    const result = await runLakh(["run", "-o", "json=no/a.json", "script.js"], { cwd });
    assert.equal(result.code, 255);
    assert.equal(result.stdout, "");
    assert.match(
      result.stderr,
      /^time="[^"]+" level=error msg="open no\/a\.json: no such file or directory"\n/u,
    );
    assert.match(result.stderr, /level=info msg="what to do: .*" code=OUTPUT_OPEN/u);
    assert.doesNotMatch(result.stderr, /iteration/u);
  });
});

/** Requests of two workers that have neither a name nor a time of their own. */
const requestScript = `
  import http from "k6/http";
  import { check } from "k6";
  import { Counter } from "k6/metrics";
  const counter = new Counter("a_counter");
  export const options = { vus: 20, iterations: 2000 };
  export default function () {
    const response = http.get(\`${"$"}{__ENV.TARGET}/item/${"$"}{__ITER % 3}\`, { tags: { name: "item" } });
    check(response, { "is 200": (r) => r.status === 200 });
    for (let n = 0; n < 5; n++) counter.add(1, { own: 'a "b", c=d\\\\' });
  }`;

interface Summary {
  readonly metrics: Readonly<Record<string, { readonly count?: number; readonly passes?: number }>>;
}

/** Runs it on two workers with more arguments, and reads its summary. */
async function runRequests(
  t: TestContext,
  { args, env = {} }: { args: readonly string[]; env?: NodeJS.ProcessEnv },
): Promise<{ readonly result: CliResult; readonly summary: Summary["metrics"] }> {
  const target = await serve(t, (_, response) => response.end("{}"));
  const cwd = scratchFolder(t, { "script.js": requestScript });
  const result = await runLakh(
    ["run", "-q", "--workers", "2", "--summary-export", "s.json", ...args, "script.js"],
    { cwd, env: { TARGET: target, ...env } },
  );
  const summary = JSON.parse(readFileSync(join(cwd, "s.json"), "utf8")) as Summary;
  return { result, summary: summary.metrics };
}

describe("backends of metrics", () => {
  it("InfluxDB counts exactly what the summary counts", { skip: influxdbIsMissing }, async (t) => {
    const influxdb = await startInfluxdb(t);
    const args = ["-o", `influxdb=${influxdb.url}/load`];
    const { result, summary } = await runRequests(t, { args });
    assert.equal(result.code, 0, result.stderr);
    assert.equal(result.stderr, "");
    const ask = async (what: string): Promise<unknown> =>
      Object.values((await influxdb.query(`SELECT ${what}`, "load"))[0] ?? {})[1];
    assert.equal(await ask("count(value) FROM http_reqs"), 2_000);
    assert.equal(await ask("count(value) FROM http_req_duration"), 2_000);
    assert.equal(await ask("sum(value) FROM checks"), summary["checks"]?.passes);
    assert.equal(await ask("sum(value) FROM a_counter"), summary["a_counter"]?.count);
    assert.equal(await ask("sum(value) FROM iterations"), summary["iterations"]?.count);
    assert.equal(await ask("sum(value) FROM data_received"), summary["data_received"]?.count);
  });

  it("a StatsD counts exactly what the summary counts", async (t) => {
    const receiver = await startUdpReceiver(t);
    const { result, summary } = await runRequests(t, {
      args: ["-o", "dogstatsd"],
      env: { K6_STATSD_ADDR: `127.0.0.1:${receiver.port}` },
    });
    assert.equal(result.code, 0, result.stderr);
    assert.equal(result.stderr, "");
    const sums = receiver.sums();
    assert.equal(sums["k6.http_reqs"], summary["http_reqs"]?.count);
    assert.equal(sums["k6.checks"], summary["checks"]?.passes);
    assert.equal(sums["k6.check.is_200.pass"], summary["checks"]?.passes);
    assert.equal(sums["k6.a_counter"], summary["a_counter"]?.count);
    assert.equal(sums["k6.data_received"], summary["data_received"]?.count);
    const durations = receiver.lines().filter(({ name }) => name === "k6.http_req_duration");
    assert.equal(
      durations.reduce((sum, { values }) => sum + values.length, 0),
      2_000,
    );
  });

  it("that are away change nothing of a run but a word about it", {
    timeout: 120_000,
  }, async (t) => {
    const args = ["-o", `influxdb=http://127.0.0.1:${await freePort()}/load`];
    const { result, summary } = await runRequests(t, { args });
    assert.equal(result.code, 0, result.stderr);
    assert.equal(summary["iterations"]?.count, 2_000);
    assert.match(
      result.stderr,
      /level=warning msg="output InfluxDBv1 .*ECONNREFUSED.*; it is tried again, the run goes on"/u,
    );
    assert.match(
      result.stderr,
      /level=error msg="output InfluxDBv1 .*: \d+ samples did not arrive: /u,
    );
    assert.equal(result.stderr.trim().split("\n").length, 2);
  });
});

describe("what lakh run prints", () => {
  it("begins with k6's start-up text and ends with its last block, on standard output", async (t) => {
    const cwd = scratchFolder(t, { "script.js": script });
    const { stdout } = await runLakh(["run", "--log-output", "none", "script.js"], { cwd });
    assert.ok(
      stdout.startsWith(
        "\n     execution: local\n        script: script.js\n        output: -\n\n" +
          "     scenarios: (100.00%) 1 scenario, 4 max VUs, 10m30s max duration (incl. graceful stop):\n" +
          "              * default: 400 iterations shared among 4 VUs (maxDuration: 10m0s, gracefulStop: 30s)\n\n",
      ),
      stdout,
    );
    assert.match(
      stdout,
      /\nrunning \(00m0\d\.\ds\), 0\/4 VUs, 400 complete and 0 interrupted iterations\ndefault ✓ \[ 100% \] 4 VUs {2}00m0\d\.\ds\/10m0s {2}400\/400 shared iters\n$/u,
    );
  });

  it("is the summary alone when it is to be quiet", async (t) => {
    const cwd = scratchFolder(t, { "script.js": script });
    const args = ["run", "-q", "--log-output", "none", "script.js"];
    const { stdout, stderr } = await runLakh(args, { cwd });
    assert.match(stdout, /^\n\n {2}█ TOTAL RESULTS/u);
    assert.equal(stderr, "");
  });
});

const execute = promisify(execFile);

const pointsScript = `
  import http from "k6/http";
  import { check, group } from "k6";
  import { Counter, Gauge, Rate, Trend } from "k6/metrics";
  const metrics = [new Counter("own_counter"), new Gauge("own_gauge"), new Rate("own_rate"), new Trend("own_trend", true)];
  export const options = { vus: 1, iterations: 3, tags: { testid: "t 1" } };
  export default function () {
    group("outer, =x", () => {
      const response = http.get(\`\${__ENV.TARGET}/item/\${__ITER}?a="b"&c=\\\\d\`, { tags: { name: "item" } });
      check(response, { "is 200": (r) => r.status === 200, "is not": () => false });
    });
    http.get(\`\${__ENV.TARGET}/missing\`);
    for (const metric of metrics) metric.add(1.5, { own: 'a b,c=d"e', empty: "" });
  }`;

/** A point but for its time, and for its value where that is measured. */
function pointShape({ measurement, tags, fields }: Point): string {
  const isMeasured = /^(?:http_req_(?!failed)|iteration_|group_|data_)/u.test(measurement);
  const { value, ...others } = fields;
  const shown = Object.entries(others).map(([key, field]) => `${key}=${String(field)}`);
  const pairs = Object.entries(tags).map(([key, tag]) => `${key}=${tag}`);
  return [measurement, isMeasured ? typeof value : value, ...pairs, ...shown].join(" ");
}

describe("the points of --out influxdb", () => {
  it("are those of k6", { timeout: 120_000 }, async (t) => {
    const k6 = requireK6(t);
    if (k6 === undefined) return;
    const target = await serve(t, ({ url }, response) => {
      response.statusCode = url === "/missing" ? 404 : 200;
      response.end("{}");
    });
    const cwd = scratchFolder(t, { "script.js": pointsScript });
    const shapesOf = async (run: (args: string[]) => Promise<unknown>): Promise<string[]> => {
      const api = await startInfluxApi(t);
      const output = `influxdb=${api.url}/k6`;
      await run(["run", "-q", "-e", `TARGET=${target}`, "-o", output, "script.js"]);
      // VUs are looked at once a second, which a run as short as this has none of, or one.
      const points = api.points().filter(({ measurement }) => !measurement.startsWith("vus"));
      return points.map(pointShape).sort();
    };
    const ofLakh = await shapesOf((args) => runLakh(args, { cwd }));
    const ofK6 = await shapesOf((args) => execute(k6, args, { cwd }));
    assert.ok(ofK6.length > 50);
    assert.deepEqual(ofLakh, ofK6);
  });
});
