/** A comparison as GitHub-flavoured Markdown, for a comment on a change. Ends with a line break. */
import type { Comparison, ComparisonRow } from "../../judge/index.ts";
import {
  changeText,
  groupRows,
  groupText,
  intervalText,
  isOfNote,
  statusText,
  valueText,
} from "./wording.ts";
import { escape, markdownList, markdownTable } from "../markdown.ts";

const marks: Readonly<Record<Comparison["verdict"], string>> = {
  PASS: "✅",
  FAIL: "❌",
  INCONCLUSIVE: "❔",
  INVALID: "⚠️",
};

const mostReasons = 10;

export function renderComparisonMarkdown(comparison: Comparison): string {
  const { verdict, sentence, reasons, methodSentence, rows, base, new: fresh } = comparison;
  const noted = groupRows(rows).flatMap((group) => group.rows.filter(isOfNote));
  const names = (runs: Comparison["base"]): string => runs.map(({ id }) => escape(id)).join(", ");
  const fullReasons = reasons.filter((reason) => !sentence.includes(reason));
  const left = fullReasons.length - mostReasons;
  const sections = [
    [`## ${marks[verdict]} lakh compare: ${escape(sentence)}`],
    rows.length === 0 ? [] : rowTable(noted),
    [
      ...markdownList(fullReasons.slice(0, mostReasons)),
      ...(left > 0 ? [`- and ${left} more`] : []),
    ],
    [`base ${names(base)} · new ${names(fresh)}`, "", `Method: ${escape(methodSentence)}`],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function rowTable(rows: readonly ComparisonRow[]): string[] {
  return markdownTable(
    ["", "what", "base", "new", "change", "from … to"],
    rows.map((row) => [
      escape(statusText(row)),
      escape(`${groupText(row)}: ${row.label}`),
      ...[valueText(row, row.base), valueText(row, row.new)].map(escape),
      escape(changeText(row.change)),
      escape(intervalText(row.change)),
    ]),
  );
}
