/** Every script of the suite under lakh, against what the real k6 did with it. README.md says how to add one. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { assertAsRecorded } from "./assert-recorded.ts";
import { readExpectations } from "./compare.ts";
import { readPage, renderPage } from "./page.ts";
import { recordedNames, scriptNames } from "./suite.ts";
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
      await assertAsRecorded(name, { lakh, target, expectations });
    });
  }
});
