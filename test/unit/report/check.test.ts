import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { type CheckView, renderCheck } from "../../../src/report/index.ts";
import { cellWidth } from "../../../src/report/layout.ts";
import { assertGolden } from "./golden.ts";

const view: CheckView = {
  facts: [
    { label: "script", text: "load-tests/journey.js" },
    { label: "goal", text: '500 requests/s (the script\'s header: "Target: 500 RPS")' },
    { label: "dry run", text: "9 iterations by 3 VUs, 36 requests to 127.0.0.1:4000" },
  ],
  findings: [
    {
      rule: "one-sided-rate",
      severity: "problem",
      message: "the Rate errors only ever gets a 1: it is 100 % as soon as one sample comes",
      why: "A Rate is the share of its samples that are not zero.",
      fix: "add a sample each time, for success too",
      evidence: [
        { where: "journey.js:11:19", text: 'const errors = new Rate("errors");', note: "" },
        {
          where: "journey.js:101:64",
          text: 'check(search, { "search ok": (r) => r.status === 200 && r.json("items").length > 0 }) || errors.add(1);',
          note: "added here",
        },
        { where: "dry run", text: "0 samples of it in 9 iterations with 36 requests", note: "" },
      ],
    },
    {
      rule: "one-sided-rate",
      severity: "warning",
      message: "another one\u001b[2J",
      why: "Told once.",
      fix: "add a sample each time, for success too",
      evidence: [],
    },
    {
      rule: "loopback-target",
      severity: "info",
      message: "127.0.0.1:4000 is on this machine",
      why: "A target on this machine and the generator take CPU from each other.",
      fix: "run lakh on another machine",
      evidence: [],
    },
  ],
  ignored: [{ rule: "url-cardinality", text: "three items only (journey.js:20:3)" }],
  notJudged: [{ rules: ["load-misses-goal", "dau-as-vus"], reason: "no goal is known" }],
  conclusion: "1 problem, 1 warning, 1 info; exit code 1, because there is a problem",
  isClean: false,
};

for (const columns of [50, 80, 120]) {
  test(`findings at ${columns} columns`, () => {
    const text = renderCheck(view, { colours: false, columns });
    assertGolden(`check-${columns}.txt`, text);
    for (const line of text.split("\n")) assert.ok(cellWidth(line) <= columns, line);
    assert.ok(!text.includes("\u001b"));
  });
}

test("colours add escape codes and nothing else", () => {
  const coloured = renderCheck(view, { colours: true, columns: 80 });
  assert.ok(coloured.includes("\u001b[31mproblem"));
  const plain = renderCheck(view, { colours: false, columns: 80 });
  assert.equal(stripVTControlCharacters(coloured), plain);
});
