import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareRuns, defaultCompareSettings } from "../../../../src/judge/index.ts";
import {
  comparisonOutcome,
  renderComparison,
  renderComparisonMarkdown,
  renderJUnit,
} from "../../../../src/report/index.ts";
import { drawChange } from "../../../../src/report/compare/chart.ts";
import { cellWidth } from "../../../../src/report/layout.ts";
import { seededRandom, simulatedRun, type Truth } from "../../../support/figures.ts";
import { assertGolden } from "../golden.ts";

const truth: Truth = { runNoise: 0.02, ownNoise: 0.02, endpoints: 4, errorShare: 0.001 };

function comparison(count: number, changes: Truth = {}, tolerated = defaultCompareSettings) {
  const random = seededRandom(79);
  const side = (name: string, of: Truth) =>
    Array.from({ length: count }, (_, run) => simulatedRun(`${name}-${run + 1}`, of, random));
  return compareRuns(side("base", truth), side("new", { ...truth, ...changes }), tolerated);
}

const regression = comparison(4, { slower: { 2: 1.35 }, errorShare: 0.0012 });

describe("the text of a comparison", () => {
  for (const columns of [50, 80, 120]) {
    it(`fits ${columns} columns`, () => {
      const text = renderComparison(regression, { colours: false, columns, showsAll: false });
      assertGolden(`compare-${columns}.txt`, text);
      for (const line of text.split("\n")) assert.ok(cellWidth(line) <= columns, line);
    });
  }

  it("has every row with --all", () => {
    const lines = (showsAll: boolean): number =>
      renderComparison(regression, { colours: false, columns: 120, showsAll }).split("\n").length;
    assert.equal(lines(true) - lines(false), 12);
  });

  it("says in colours the same as without", () => {
    const style = { columns: 100, showsAll: false };
    const painted = renderComparison(regression, { ...style, colours: true });
    assert.notEqual(painted, renderComparison(regression, { ...style, colours: false }));
    assert.equal(
      // oxlint-disable-next-line no-control-regex -- the codes of colours are what is taken out
      painted.replace(/\u001b\[[\d;]*m/gu, ""),
      renderComparison(regression, { ...style, colours: false }),
    );
  });

  it("shows no control characters of names", () => {
    const rows = regression.rows.map((row) =>
      row.endpoint === null ? row : { ...row, endpoint: { name: "\u001b[2J", method: "G\n" } },
    );
    const text = renderComparison(
      { ...regression, rows },
      { colours: false, columns: 80, showsAll: true },
    );
    assert.ok(!text.includes("\u001b"));
  });
});

describe("the line of a row", () => {
  const [row] = regression.rows;
  const draw = (estimate: number, low: number, high: number): string =>
    drawChange(
      { ...row!, worse: "more", allowed: 0.1, change: { kind: "relative", estimate, low, high } },
      11,
    ).replaceAll("\u00a0", " ");

  it("has no change, what is allowed, the interval and the estimate", () => {
    assert.equal(draw(0, -0.05, 0.05), "   ─●─┊    ");
    assert.equal(draw(0.2, 0.15, 0.25), "    │ ┊─●─ ");
    assert.equal(draw(9, 8, 10), "    │ ┊   ›");
    assert.equal(draw(-0.9, -0.95, -0.8), "‹   │ ┊    ");
  });

  it("has worse on the right where less is worse", () => {
    const change = { kind: "relative", estimate: -0.2, low: -0.2, high: -0.2 } as const;
    const line = drawChange({ ...row!, worse: "less", allowed: 0.1, change }, 11);
    assert.equal(line.replaceAll("\u00a0", " "), "    │ ┊ ●  ");
  });
});

describe("a comparison for CI", () => {
  it("is Markdown in which names format nothing", () => {
    assertGolden("compare.md", renderComparisonMarkdown(regression));
  });

  it("is JUnit in which worse fails, and what cannot be told is an error", () => {
    const outcome = comparisonOutcome(regression);
    const worse = regression.rows.filter(({ isGated, status }) => isGated && status === "worse");
    const failed = outcome.cases.filter(({ status }) => status === "FAIL");
    assert.equal(failed.length, worse.length);
    assert.ok(failed.some(({ name }) => name === "GET /e2: p95"));
    assert.match(renderJUnit(outcome), /<failure message="[^"]*required at most 10\.00 % worse"/u);
  });
});
