import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { renderScorecard, renderVerdict, type VerdictView } from "../../../src/report/index.ts";
import { cellWidth } from "../../../src/report/layout.ts";
import { assertGolden } from "./golden.ts";
import { failing, passing } from "./samples.ts";

const plain = { colours: false, columns: 80 };

for (const columns of [60, 120]) {
  const style = { colours: false, columns };

  test(`the scorecard is a table that fits ${columns} columns`, () => {
    const text = renderScorecard(failing, style);
    assertGolden(`scorecard-${columns}.txt`, text);
    assertFits(text, columns);
  });

  test(`the verdict fits ${columns} columns`, () => {
    const text = renderVerdict(failing, style) + renderVerdict(passing, style);
    assertGolden(`verdict-${columns}.txt`, text);
    assertFits(text, columns);
  });
}

test("fits every terminal from 50 to 140 columns", () => {
  for (let columns = 50; columns <= 140; columns++) {
    assertFits(renderScorecard(failing, { colours: false, columns }), columns);
    assertFits(renderVerdict(failing, { colours: false, columns }), columns);
  }
});

test("explains each row that did not pass, and no row that did", () => {
  const text = renderScorecard(failing, { colours: false, columns: 200 });
  for (const { status, explanation } of failing.scorecard) {
    assert.equal(text.includes(explanation.slice(0, 30)), status !== "PASS", explanation);
  }
});

test("marks every status in its own way", () => {
  const text = renderScorecard(failing, plain);
  for (const mark of ["✓ PASS", "✗ FAIL", "? INCONCLUSIVE", "– not judged"])
    assert.ok(text.includes(mark), mark);
});

test("colours add escape codes and nothing else", () => {
  for (const render of [renderScorecard, renderVerdict]) {
    const coloured = render(failing, { ...plain, colours: true });
    assert.ok(coloured.includes("\u001b[31m"));
    assert.equal(stripVTControlCharacters(coloured), render(failing, plain));
  }
});

test("columns stay aligned with wide, combining and very long labels", () => {
  const labels = ["検索 ページ", "e\u0301te\u0301", "🚀 launch", "x".repeat(300), "plain"];
  const scorecard = labels.map((label) => ({ ...passing.scorecard[0]!, label }));
  const lines = renderScorecard({ scorecard }, plain).trimEnd().split("\n");
  const bars = lines
    .filter((line) => line.includes("|"))
    .map((line) => cellWidth(line.slice(0, line.indexOf("|"))));
  assert.equal(new Set(bars).size, 1);
  assertFits(lines.join("\n"), 80);
});

test("says so when there was nothing to judge", () => {
  assert.match(renderScorecard({ scorecard: [] }, plain), /no objectives/u);
});

test("control characters in a label cannot move the cursor", () => {
  const scorecard = [{ ...passing.scorecard[0]!, label: "a\u001b[2Jb\nc" }];
  const text = renderScorecard({ scorecard }, plain);
  assert.ok(!text.includes("\u001b"));
  assert.equal(text.trimEnd().split("\n").length, 3);
});

test("an exceeded figure of the generator is named with its limit", () => {
  const figures = [
    { name: "event loop delay p99 (ms)", value: Number.NaN, limit: 20, exceeded: true },
  ];
  const verdict: VerdictView = { ...failing, generator: { ...failing.generator, figures } };
  assert.match(renderVerdict(verdict, plain), /event loop delay p99 \(ms\): -, limit 20/u);
});

test("even a terminal of a few columns gets an answer", () => {
  for (const columns of [0, 1, 10]) {
    assert.match(renderScorecard(failing, { colours: false, columns }), /FAIL/u);
    assert.match(renderVerdict(failing, { colours: false, columns }), /FAIL/u);
  }
});

function assertFits(text: string, columns: number): void {
  for (const line of text.split("\n")) assert.ok(cellWidth(line) <= columns, line);
}
