import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { figuresOf } from "../../../src/judge/index.ts";
import { readRuns, type ReadRun, writeBaseline } from "../../../src/record/index.ts";
import { scratchFolder } from "../../support/cli.ts";
import { seededRandom, simulatedRun } from "../../support/figures.ts";
import { fullRecord } from "./full-record.ts";

const random = seededRandom(9);
const runs = [1, 2, 3].map((run) =>
  simulatedRun(`run-${run}`, { endpoints: 20, windows: 60, windowNoise: 0.05 }, random),
);

const idsOf = (found: readonly ReadRun[]): string[] =>
  found.map((read) => (read.kind === "record" ? read.record.id : read.figures.id));

test("a baseline is read as it was written, to six digits, a run a line, and small", async (t) => {
  const folder = scratchFolder(t);
  const path = join(folder, "baselines", "shop.json");
  writeBaseline(path, { baselineVersion: 1, lakhVersion: "0.1.0", runs });
  const found = await readRuns(path, join(folder, "lakh-runs"));
  assert.deepEqual(idsOf(found), ["run-1", "run-2", "run-3"]);
  const [first] = found;
  assert.ok(first?.kind === "figures");
  const [told, exact] = [first.figures.whole.p95Ms!, runs[0]!.whole.p95Ms!];
  assert.ok(Math.abs(told / exact - 1) < 1e-5);
  const text = readFileSync(path, "utf8");
  assert.equal(text.trimEnd().split("\n").length, 5);
  // Half an hour, twenty endpoints.
  assert.ok(text.length / 3 < 60_000, `${text.length / 3} bytes a run`);
});

test("the figures of a real record survive a baseline's file", async (t) => {
  const path = join(scratchFolder(t), "b.json");
  const figures = figuresOf(fullRecord());
  writeBaseline(path, { baselineVersion: 1, lakhVersion: "0.1.0", runs: [figures] });
  const [read] = await readRuns(path, "/nowhere");
  assert.deepEqual(
    read?.kind === "figures" ? read.figures.endpoints : undefined,
    figures.endpoints,
  );
});

test("a folder stands for the records, the runs and the baselines in it", async (t) => {
  const folder = scratchFolder(t);
  writeBaseline(join(folder, "a.json"), { baselineVersion: 1, lakhVersion: "0.1.0", runs });
  writeFileSync(join(folder, "b.json"), JSON.stringify(fullRecord({ id: "copied" })));
  writeFileSync(join(folder, "README.md"), "ours");
  for (const name of ["run-9", "run-10.partial"]) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "record.json"), JSON.stringify(fullRecord({ id: name })));
  }
  assert.deepEqual(idsOf(await readRuns(folder, "/nowhere")), [
    "run-1",
    "run-2",
    "run-3",
    "copied",
    "run-9",
  ]);
  assert.deepEqual(idsOf(await readRuns(join(folder, "run-9"), "/nowhere")), ["run-9"]);
  assert.deepEqual(idsOf(await readRuns("run-9", folder)), ["run-9"]);
});

test("what is no baseline, or of another lakh, or damaged, is refused", async (t) => {
  const folder = scratchFolder(t, {
    "empty/README.md": "",
    "newer.json": JSON.stringify({ baselineVersion: 2, runs: [] }),
    "cut.json": '{"baselineVersion":1,"runs":[{"id":"x"',
  });
  const damaged = join(folder, "damaged.json");
  writeBaseline(damaged, { baselineVersion: 1, lakhVersion: "0.1.0", runs });
  writeFileSync(
    damaged,
    readFileSync(damaged, "utf8").replace('"steadyMs":300000', '"steadyMs":-1'),
  );
  const refused = (name: string, code: string, message: RegExp) =>
    assert.rejects(readRuns(join(folder, name), folder), (error: Error & { code?: string }) => {
      assert.equal(error.code, code);
      assert.match(error.message, message);
      return true;
    });
  await refused("empty", "RECORD_NOT_FOUND", /no run record and no baseline/u);
  await refused("newer.json", "RECORD_VERSION", /schema version is 2/u);
  await refused("cut.json", "RECORD_INVALID", /not JSON/u);
  await refused("damaged.json", "RECORD_INVALID", /runs\.0\.steadyMs/u);
  await refused("nothing.json", "RECORD_NOT_FOUND", /no run record/u);
});
