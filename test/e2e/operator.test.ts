/**
 * What k6-operator does with k6, done with lakh: archive, inspect, two instances that wait with their segments, the
 * signal to begin, and the end; once more with setup() called once for both. And the scaling that only lakh has.
 */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { type CliResult, finished, runLakh, scratchFolder, startLakh } from "../support/cli.ts";
import { freePort } from "../support/free-port.ts";

interface Instance {
  readonly url: string;
  readonly child: ChildProcess;
  readonly end: Promise<CliResult>;
}

async function start(args: readonly string[], cwd: string): Promise<Instance> {
  const port = await freePort();
  const child = startLakh(["run", "--quiet", ...args, `--address=127.0.0.1:${port}`, "--paused"], {
    cwd,
  });
  return { url: `http://127.0.0.1:${port}`, child, end: finished(child) };
}

interface Status {
  readonly status: number;
  readonly vus: number;
  readonly "vus-max": number;
}

async function statusOf({ url }: Instance): Promise<Status | undefined> {
  try {
    const answer = (await (await fetch(`${url}/v1/status`)).json()) as {
      data: { attributes: Status };
    };
    return answer.data.attributes;
  } catch {
    // It does not listen yet.
    return undefined;
  }
}

/** Asks until the answer is as wanted: the operator's readiness probe does the same. */
async function until(instance: Instance, isWanted: (status: Status) => boolean): Promise<Status> {
  for (;;) {
    if (instance.child.exitCode !== null) assert.fail(JSON.stringify(await instance.end));
    const status = await statusOf(instance);
    if (status !== undefined && isWanted(status)) return status;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function patch({ url }: Instance, attributes: object): Promise<number> {
  const body = JSON.stringify({ data: { attributes, id: "default", type: "status" } });
  return (await fetch(`${url}/v1/status`, { method: "PATCH", body })).status;
}

const resume = (instance: Instance): Promise<number> =>
  patch(instance, { paused: false, stopped: false });

const lines = (stderr: string, text: string): number => stderr.split(text).length - 1;

function onlyRecord(cwd: string, runsDir = "lakh-runs"): RunRecord {
  const [id] = readdirSync(join(cwd, runsDir));
  return JSON.parse(readFileSync(join(cwd, runsDir, id!, "record.json"), "utf8")) as RunRecord;
}

describe("k6-operator's sequence", () => {
  it("archives, inspects, starts two paused instances with their segments, resumes both", async (t) => {
    const script = `
      import { name } from './lib/name.js';
      import exec from 'k6/execution';
      export const options = { scenarios: { s: { executor: 'shared-iterations', vus: 5, iterations: 10, maxDuration: '30s' } } };
      export function setup() { console.log('setup ran'); return { text: open === undefined ? '' : 'data' }; }
      export default function (data) { console.log('iteration', name, data.text, exec.scenario.iterationInTest); }`;
    const cwd = scratchFolder(t, { "test.js": script, "lib/name.js": "export const name = 'n';" });
    assert.equal(
      (await runLakh(["archive", "test.js", "-O", "test.archived.tar"], { cwd })).code,
      0,
    );
    const inspected = await runLakh(["inspect", "--execution-requirements", "test.archived.tar"], {
      cwd,
    });
    assert.equal(inspected.code, 0);
    const { maxVUs, totalDuration } = JSON.parse(inspected.stdout) as Record<string, unknown>;
    assert.deepEqual([maxVUs, totalDuration], [5, "1m0s"]);

    const instances = await Promise.all(
      [1, 2].map((index) =>
        start(
          [
            `--execution-segment=${index - 1}/2:${index}/2`.replace("0/2", "0").replace("2/2", "1"),
            "--execution-segment-sequence=0,1/2,1",
            "test.archived.tar",
            `--tag=instance_id=${index}`,
            `--runs-dir=runs-${index}`,
          ],
          cwd,
        ),
      ),
    );
    const ready = await Promise.all(
      instances.map((one) => until(one, ({ status }) => status === 4)),
    );
    assert.deepEqual(
      ready.map((status) => status["vus-max"]).sort((a, b) => a - b),
      [2, 3],
    );
    assert.deepEqual(await Promise.all(instances.map(resume)), [200, 200]);
    const ends = await Promise.all(instances.map(({ end }) => end));
    assert.deepEqual(
      ends.map(({ code }) => code),
      [0, 0],
    );
    const all = ends.map(({ stderr }) => stderr).join("");
    assert.equal(lines(all, "setup ran"), 2);
    const numbers = [...all.matchAll(/iteration n data (\d+)/gu)].map((match) => Number(match[1]));
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
  });

  it("calls setup() once for both: POST to one, PUT to the other, POST teardown at the end", async (t) => {
    const script = `
      export const options = { vus: 2, iterations: 4 };
      export function setup() { console.log('setup ran'); return { token: 't1' }; }
      export default function (data) { console.log('token ' + data.token); }
      export function teardown(data) { console.log('teardown of ' + data.token); }`;
    const cwd = scratchFolder(t, { "test.js": script });
    const segments = ["0:1/2", "1/2:1"];
    const [first, second] = (await Promise.all(
      segments.map((segment) =>
        start(
          [
            "--no-setup",
            "--no-teardown",
            "--linger",
            "--execution-segment",
            segment,
            "--execution-segment-sequence",
            "0,1/2,1",
            "test.js",
          ],
          cwd,
        ),
      ),
    )) as [Instance, Instance];
    for (const one of [first, second]) await until(one, ({ status }) => status === 4);
    const made = await (await fetch(`${first.url}/v1/setup`, { method: "POST" })).json();
    const { data } = (made as { data: { attributes: { data: unknown } } }).data.attributes;
    await fetch(`${second.url}/v1/setup`, { method: "PUT", body: JSON.stringify(data) });
    for (const one of [first, second]) await resume(one);
    for (const one of [first, second]) await until(one, ({ status }) => status === 9);
    assert.equal((await fetch(`${first.url}/v1/teardown`, { method: "POST" })).status, 200);
    for (const { child } of [first, second]) child.kill("SIGINT");
    const ends = await Promise.all([first.end, second.end]);
    assert.deepEqual(
      ends.map(({ code }) => code),
      [0, 0],
    );
    const all = ends.map(({ stderr }) => stderr).join("");
    assert.equal(lines(all, "setup ran"), 1);
    assert.equal(lines(all, "token t1"), 4);
    assert.equal(lines(all, "teardown of t1"), 1);
  });

  it("stops with 103 when it is told so, and its teardown() still runs", async (t) => {
    const script = `
      import { sleep } from 'k6';
      export const options = { vus: 1, duration: '60s' };
      export default function () { sleep(60); }
      export function teardown() { console.log('teardown ran'); }`;
    const instance = await start(["test.js"], scratchFolder(t, { "test.js": script }));
    await until(instance, ({ status }) => status === 4);
    await resume(instance);
    await until(instance, ({ status }) => status === 7);
    assert.equal(await patch(instance, { stopped: true }), 200);
    const { code, stderr } = await instance.end;
    assert.equal(code, 103);
    assert.match(stderr, /teardown ran/u);
    assert.match(stderr, /test run stopped from REST API/u);
  });
});

describe("scaling by hand", () => {
  it("changes the VUs of a looping scenario over two workers, and the record says so", async (t) => {
    const script = `
      import { sleep } from 'k6';
      export const options = { scenarios: { loop: { executor: 'constant-vus', vus: 1, duration: '120s', gracefulStop: '0s' } } };
      export default function () { sleep(0.05); }`;
    const cwd = scratchFolder(t, { "test.js": script });
    const instance = await start(["--workers", "2", "test.js"], cwd);
    await until(instance, ({ status }) => status === 4);
    assert.equal(await patch(instance, { vus: 3 }), 500);
    await resume(instance);
    await until(instance, ({ vus }) => vus === 1);
    assert.equal(await patch(instance, { vus: 5, scenario: "nope" }), 500);
    assert.equal(await patch(instance, { vus: 9, "vus-max": 8 }), 500);
    assert.equal(await patch(instance, { vus: 5, "vus-max": 8 }), 200);
    const up = await until(instance, ({ vus }) => vus === 5);
    assert.equal(up["vus-max"], 8);
    assert.equal(await patch(instance, { vus: 2 }), 200);
    await until(instance, ({ vus }) => vus === 2);
    assert.equal(await patch(instance, { "vus-max": 1 }), 500);
    await patch(instance, { stopped: true });
    assert.equal((await instance.end).code, 103);
    const record = onlyRecord(cwd);
    assert.deepEqual(
      record.manualScaling?.map(({ scenario, vus }) => [scenario, vus]),
      [
        ["loop", 5],
        ["loop", 2],
      ],
    );
    assert.equal(record.scenarios[0]!.maxVus, 5);
  });
});
