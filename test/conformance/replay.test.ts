/** Every script of the suite under lakh, against what the real k6 did with it. README.md says how to add one. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  describe as describeSurprise,
  readExpectations,
  surprises,
  withoutExport,
} from "./compare.ts";
import { readPage, renderPage } from "./page.ts";
import { runScript } from "./run-script.ts";
import { readRecorded, recordedNames, scriptNames } from "./suite.ts";
import { startTarget, type Target } from "./target/index.ts";
import { findLakh } from "./tools.ts";

const names = scriptNames();
const expectations = readExpectations();
const lakh = findLakh();

describe("the suite", () => {
  it("has an outcome of k6 for every script, and no other", () => {
    assert.deepEqual(recordedNames(), names);
  });

  it("expects differences of existing scripts only", () => {
    assert.deepEqual(
      Object.keys(expectations).filter((name) => !names.includes(name)),
      [],
    );
  });
});

describe("the page docs/reference/k6-compatibility.md", () => {
  it("is what the suite makes of it (npm run conformance:page)", () => {
    assert.equal(readPage(), renderPage());
  });
});

describe("lakh does what k6 does with", { concurrency: 2 }, () => {
  let target: Target;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.close());

  for (const name of names) {
    it(name, async () => {
      const outcome = await runScript(name, lakh, target);
      const recorded = readRecorded(name)!;
      const k6 = lakh.writesExport ? recorded : withoutExport(recorded);
      const found = surprises(k6, outcome, expectations[name]);
      assert.ok(found.length === 0, found.map(describeSurprise).join("\n"));
    });
  }
});
