import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { renderPlan } from "../../../src/report/index.ts";
import { cellWidth } from "../../../src/report/layout.ts";
import { assertGolden } from "./golden.ts";
import { findings, steps } from "./samples.ts";

for (const columns of [60, 160]) {
  test(`the arithmetic and the findings at ${columns} columns`, () => {
    const text = renderPlan({ steps, findings, colours: false, columns });
    assertGolden(`plan-${columns}.txt`, text);
    for (const line of text.split("\n")) assert.ok(cellWidth(line) <= columns, line);
  });
}

test("equals signs stand in one column", () => {
  const lines = renderPlan({ steps, findings: [], colours: false, columns: 160 })
    .trimEnd()
    .split("\n");
  assert.equal(new Set(lines.map((line) => line.indexOf(" = "))).size, 1);
});

test("colours add escape codes and nothing else", () => {
  const coloured = renderPlan({ steps, findings, colours: true, columns: 80 });
  assert.ok(coloured.includes("\u001b[31mproblem"));
  const plain = renderPlan({ steps, findings, colours: false, columns: 80 });
  assert.equal(stripVTControlCharacters(coloured), plain);
});

test("a plan of nothing is an empty text", () => {
  assert.equal(renderPlan({ steps: [], findings: [], colours: false, columns: 80 }), "");
});

test("figures of any size stay readable", () => {
  const show = (value: number): string =>
    renderPlan({
      steps: [{ quantity: "q", formula: "f", value, unit: "u" }],
      findings: [],
      colours: false,
      columns: 80,
    });
  assert.equal(show(1e10), "q = 10,000,000,000 u  f\n");
  assert.equal(show(2_777.777), "q = 2,778 u  f\n");
  assert.equal(show(0.000_012_3), "q = 1.23e-5 u  f\n");
  assert.equal(show(1e300), "q = 1.00e+300 u  f\n");
  assert.equal(show(Number.NaN), "q = - u  f\n");
  assert.equal(show(1.6), "q = 1.6 u  f\n");
});
