/** An outcome as GitHub-flavoured Markdown: what a job's summary or a comment on a change shows. Ends with a line break. */
import type { RunRecord } from "../record/index.ts";
import { printable } from "./layout.ts";
import { formatLatency, formatPercent, formatWhole } from "../base/numbers.ts";
import { notableEndpoints } from "./notable-endpoints.ts";
import type { Outcome, OutcomeCase } from "./outcome.ts";

const marks: Readonly<Record<string, string>> = {
  PASS: "✅",
  FAIL: "❌",
  INCONCLUSIVE: "❔",
  INVALID: "⚠️",
  NOT_JUDGED: "–",
};

/** More rows than this are told by their number: a summary is read, not searched. */
const mostRows = 30;

/** @param endpoints of a run, where there are any */
export function renderMarkdown(
  outcome: Outcome,
  endpoints: readonly RunRecord["endpoints"][number][] = [],
): string {
  const { kind, id, verdict, failure, facts } = outcome;
  const word = verdict?.verdict ?? (failure === undefined ? "PASS" : "FAIL");
  const sentence = verdict?.sentence ?? failure ?? "the run came to its end";
  const sections = [
    [`## ${marks[word]!} lakh ${kind}: ${escape(sentence)}`],
    caseTables(outcome),
    endpointTable(endpoints),
    markdownList(verdict?.reasons ?? []),
    [
      facts.map(([name, text]) => `${escape(name)} ${escape(text)}`).join(" · "),
      "",
      `The whole report: ${code(`lakh report ${id}`)}`,
    ],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function caseTables({ cases }: Outcome): string[] {
  const groups = new Map<string, OutcomeCase[]>();
  for (const each of cases) groups.set(each.group, [...(groups.get(each.group) ?? []), each]);
  return [...groups].flatMap(([group, rows], index) => [
    ...(index === 0 ? [] : [""]),
    `### ${escape(group.charAt(0).toUpperCase() + group.slice(1))}`,
    "",
    ...markdownTable(
      ["", "what", "required", "measured"],
      worstFirst(rows).map(({ status, name, required, measured }) => [
        marks[status]!,
        ...[name, required, measured].map(escape),
      ]),
    ),
  ]);
}

/** What does not hold is seen even where the table is cut; otherwise the order stays. */
function worstFirst(rows: readonly OutcomeCase[]): readonly OutcomeCase[] {
  if (rows.length <= mostRows) return rows;
  const order = ["FAIL", "INCONCLUSIVE", "NOT_JUDGED", "PASS"];
  return rows.toSorted((one, other) => order.indexOf(one.status) - order.indexOf(other.status));
}

function endpointTable(endpoints: readonly RunRecord["endpoints"][number][]): string[] {
  if (endpoints.length === 0) return [];
  const shown = notableEndpoints(endpoints, mostRows);
  const rows = shown
    .toSorted((one, other) => other.requests - one.requests)
    .map(({ method, name, requests, failed, p50Ms, p95Ms, p99Ms }) => [
      escape(`${method} ${name}`),
      formatWhole(requests),
      ...[p50Ms, p95Ms, p99Ms].map(formatLatency),
      formatPercent(requests > 0 ? failed / requests : 0),
    ]);
  return [
    "### Endpoints in the steady state",
    "",
    ...markdownTable(["endpoint", "requests", "p50", "p95", "p99", "failed"], rows, {
      further: endpoints.length - shown.length,
    }),
  ];
}

/** At most thirty rows; how many there are more, and `further` ones, stands below. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { further = 0 }: { readonly further?: number } = {},
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const left = Math.max(0, rows.length - mostRows) + further;
  return [
    line(head),
    line(head.map(() => "---")),
    ...rows.slice(0, mostRows).map(line),
    ...(left > 0 ? ["", `and ${formatWhole(left)} more`] : []),
  ];
}

/** Each item as a point of a list. */
export function markdownList(items: readonly string[]): string[] {
  return items.map((item) => `- ${escape(item)}`);
}

/** Names come from scripts: nothing in them may format, link, mention, or be HTML. */
export function escape(text: string): string {
  return printable(text)
    .replace(/&/gu, "&amp;")
    .replace(/</gu, "&lt;")
    .replace(/>/gu, "&gt;")
    .replace(/@/gu, "&#64;")
    .replace(/[\\`*_{}[\]#|~!]/gu, (character) => `\\${character}`);
}

/** Literal: the fence is longer than any run of backquotes in it. */
function code(text: string): string {
  const shown = printable(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
