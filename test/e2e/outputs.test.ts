/** Outputs, summaries and logs of the real command line, where more than one part has to work together. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runLakh, scratchFolder } from "../support/cli.ts";

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
