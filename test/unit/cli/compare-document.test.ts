import { test } from "node:test";
import {
  assertCompareDocument,
  compareDocumentSchema,
  toCompareDocument,
} from "../../../src/cli/compare-document.ts";
import { compareRuns, defaultCompareSettings } from "../../../src/judge/index.ts";
import { seededRandom, simulatedRun } from "../../support/figures.ts";
import { assertPublished } from "../../support/published-schema.ts";

test("the schema of lakh compare --json is published", () => {
  assertPublished("compare.schema.json", compareDocumentSchema());
});

test("comparisons of every kind fit it, through JSON", () => {
  const random = seededRandom(4);
  const side = (name: string, count: number) =>
    Array.from({ length: count }, (_, run) =>
      simulatedRun(`${name}-${run}`, { endpoints: 2, errorShare: 0.01, runNoise: 0.1 }, random),
    );
  const invalid = side("c", 1).map((run) => ({ ...run, invalid: "interrupted" }));
  for (const [base, fresh] of [
    [side("a", 3), side("b", 3)],
    [side("a", 1), side("b", 3)],
    [side("a", 1), side("b", 1)],
    [side("a", 1), invalid],
  ] as const) {
    const value = toCompareDocument(compareRuns(base, fresh, defaultCompareSettings));
    assertCompareDocument(JSON.parse(JSON.stringify(value)));
  }
});
