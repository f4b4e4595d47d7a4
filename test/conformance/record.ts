/**
 * `npm run conformance:record [-- filter]`: runs the scripts under the real k6 and stores what it did.
 * `--check` stores nothing and fails when an outcome is not as stored. `--lakh` runs lakh instead and shows where it surprises;
 * `--lakh --accept "reason"` writes these differences down as known ones. `--workers 3` gives it three worker threads.
 */
import { parseArgs } from "node:util";
import {
  describe,
  differences,
  type Expectations,
  readExpectations,
  type Surprise,
  surprises,
  withoutExport,
  writeExpectations,
} from "./compare.ts";
import type { Outcome } from "./outcome.ts";
import { writePage } from "./page.ts";
import { forEachScript, runScript } from "./run-script.ts";
import { readRecorded, removeOrphans, scriptNames, writeRecorded } from "./suite.ts";
import { startTarget } from "./target/index.ts";
import { findK6, findLakh } from "./tools.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: "boolean", default: false },
    lakh: { type: "boolean", default: false },
    accept: { type: "string" },
    workers: { type: "string", default: "1" },
  },
});

const tool = options.lakh ? findLakh(Number(options.workers)) : findK6();
const names = scriptNames(positionals[0]);
if (names.length === 0) throw new Error(`no script's name contains "${positionals[0] ?? ""}"`);

let expectations: Expectations = readExpectations();
let surprising = 0;

function report(name: string, found: readonly Surprise[]): void {
  if (found.length === 0) return;
  surprising++;
  console.log(`\n${name}\n${found.map(describe).join("\n")}`);
}

function compareLakh(name: string, outcome: Outcome): void {
  const stored = readRecorded(name);
  if (stored === undefined) throw new Error(`${name} is not recorded`);
  const k6 = tool.writesExport ? stored : withoutExport(stored);
  if (options.accept === undefined) {
    report(name, surprises(k6, outcome, expectations[name]));
    return;
  }
  const { [name]: _, ...others } = expectations;
  const differing = differences(k6, outcome);
  const none = Object.keys(differing).length === 0;
  const reason = options.accept;
  expectations = none ? others : { ...others, [name]: { reason, lakh: differing } };
}

/** Of some things k6 itself does now one and now the other (the order of a Go map): what it does in one run of three is as stored. */
const attempts = 3;

async function compareK6(name: string, outcome: Outcome): Promise<void> {
  const stored = readRecorded(name);
  if (!options.check) {
    writeRecorded(name, outcome);
    if (outcome.exitCode === null) console.log(`${name}: ended by its time limit`);
  } else if (stored === undefined) {
    report(name, [
      { field: "exitCode", problem: "is not recorded", expected: undefined, actual: outcome },
    ]);
  } else {
    const first = surprises(stored, outcome, undefined);
    let found = first;
    for (let attempt = 1; attempt < attempts && found.length > 0; attempt++)
      found = surprises(stored, await runScript(name, tool, target), undefined);
    if (found.length > 0) report(name, found);
    else if (first.length > 0)
      console.log(
        `\n${name} is not the same in every run of k6:\n${first.map(describe).join("\n")}`,
      );
  }
}

const target = await startTarget();
try {
  await forEachScript(names, async (name) => {
    const outcome = await runScript(name, tool, target);
    if (options.lakh) compareLakh(name, outcome);
    else await compareK6(name, outcome);
  });
} finally {
  await target.close();
}
if (options.accept !== undefined) writeExpectations(expectations);
if (!options.check && !options.lakh)
  for (const name of removeOrphans()) console.log(`removed ${name}`);
console.log(`\n${names.length} scripts under ${tool.name}, ${surprising} with surprises`);
if (!options.check && (!options.lakh || options.accept !== undefined)) writePage();
process.exitCode = surprising > 0 ? 1 : 0;
