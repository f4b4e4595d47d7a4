/** A comparison as the list of what had to hold, for JUnit: the rows of the gate. */
import type { Comparison, ComparisonRow } from "../../judge/index.ts";
import { changeText, groupText, intervalText, valueText } from "./wording.ts";
import { formatPercent } from "../../base/numbers.ts";
import type { Outcome, OutcomeCase } from "../outcome.ts";

const statuses: Readonly<Record<ComparisonRow["status"], OutcomeCase["status"]>> = {
  better: "PASS",
  same: "PASS",
  worse: "FAIL",
  unclear: "INCONCLUSIVE",
  "only-base": "NOT_JUDGED",
  "only-new": "NOT_JUDGED",
  shown: "NOT_JUDGED",
};

export function comparisonOutcome(comparison: Comparison): Outcome {
  const { verdict, sentence, reasons, rows, base, new: fresh, methodSentence } = comparison;
  const ids = (runs: Comparison["base"]): string => runs.map(({ id }) => id).join(", ");
  return {
    kind: "comparison",
    id: `${ids(base)} with ${ids(fresh)}`,
    command: "lakh compare",
    startedAt: fresh[0]!.startedAt,
    durationMs: 0,
    verdict: { verdict, sentence, reasons },
    failure: undefined,
    cases: rows.filter(({ isGated }) => isGated).map(caseOf),
    facts: [
      ["base", ids(base)],
      ["new", ids(fresh)],
      ["method", methodSentence],
    ],
  };
}

/** That an endpoint cannot be told, and does not look worse, is the verdict's to say: it is no error of its own. */
function caseOf(row: ComparisonRow): OutcomeCase {
  const isOpen = row.status === "unclear" && row.endpoint !== null && !row.looksWorse;
  const limits = intervalText(row.change);
  return {
    group: "comparison",
    name: `${groupText(row)}: ${row.label}`,
    required:
      row.change?.kind === "absolute"
        ? `at most ${formatPercent(row.allowed)} points worse`
        : `at most ${formatPercent(row.allowed)} worse`,
    measured: `${valueText(row, row.base)} → ${valueText(row, row.new)}, ${changeText(row.change)}${limits === "" ? "" : ` (${limits})`}`,
    status: isOpen ? "NOT_JUDGED" : statuses[row.status],
    explanation: row.explanation,
  };
}
