/**
 * The parts of the suite in which the number of worker threads could show, with three of them: scripts see the same
 * numbers of VUs and iterations, and metrics, thresholds and setup are those of the whole run.
 */
import { after, before, describe, it } from "node:test";
import { assertAsRecorded } from "./assert-recorded.ts";
import { readExpectations } from "./compare.ts";
import { scriptNames } from "./suite.ts";
import { startTarget, type Target } from "./target/index.ts";
import { findLakh } from "./tools.ts";

const groups: ReadonlySet<string> = new Set([
  "checks",
  "data",
  "execution",
  "executors",
  "metrics",
  "segments",
  "summary",
  "tags",
  "thresholds",
]);

/** Scripts that are not the same with several threads, and why. */
const exceptions: ReadonlyMap<string, string> = new Map([
  [
    "executors/arrival-extra-vus.js",
    "VUs and due iterations are dealt to the threads: with fewer VUs than threads some of them drop what they are dealt",
  ],
]);

const names = scriptNames().filter(
  (name) => groups.has(name.split("/")[0]!) && !exceptions.has(name),
);
const expectations = readExpectations();
const lakh = findLakh(3);

describe("with three worker threads lakh does what k6 does with", { concurrency: 2 }, () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.close());

  for (const name of names) {
    it(name, async () => {
      await assertAsRecorded(name, { lakh, target, expectations });
    });
  }
});
