/** The findings of `lakh check`: each with the lines it rests on, why it matters, and what to do. */
import { cellWidth, hang, padEnd, printable, shorten, widestOf } from "./layout.ts";
import { createPainter, type Painter } from "./paint.ts";
import type { CheckView, EvidenceView, FindingView, TextStyle } from "./view.ts";

/** Lines of prose are not wider than this, however wide the terminal. */
const proseColumns = 100;
/** A line of a script is cut where the terminal ends; it is shown to be recognised. */
const leastCode = 30;

/** Facts, findings, what was not judged, and the closing line. Ends with a line break. */
export function renderCheck(view: CheckView, { colours, columns }: TextStyle): string {
  const painter = createPainter(colours);
  const width = Math.min(columns, proseColumns);
  const blocks = [
    factLines(view, width),
    ...view.findings.map((finding, index) => {
      // Why is told once a rule, and a fix once where it is the same.
      const earlier = view.findings.slice(0, index).filter(({ rule }) => rule === finding.rule);
      const why = earlier.length === 0 ? finding.why : "";
      const fix = earlier.some((each) => each.fix === finding.fix) ? "" : finding.fix;
      return findingLines({ ...finding, why, fix }, painter, columns);
    }),
    ignoredLines(view, painter, width),
    notJudgedLines(view, painter, width),
    hang("", view.conclusion, width).map(view.isClean ? painter.green : painter.bold),
  ];
  const shown = blocks.filter((block) => block.length > 0);
  return shown.map((block) => `${block.join("\n")}\n`).join("\n");
}

function factLines({ facts }: CheckView, width: number): string[] {
  const labels = widestOf(facts.map(({ label }) => label)) + 2;
  return facts.flatMap(({ label, text }) => hang(padEnd(label, labels), text, width));
}

function findingLines(finding: FindingView, painter: Painter, columns: number): string[] {
  const { severity, rule, message, evidence, why, fix } = finding;
  const width = Math.min(columns, proseColumns);
  const paint = { problem: painter.red, warning: painter.yellow, info: painter.cyan }[severity];
  return [
    `${paint(severity)}  ${painter.bold(rule)}`,
    ...hang("  ", message, width),
    ...evidenceLines(evidence, painter, columns),
    ...(why === "" ? [] : hang("  why: ", why, width).map(painter.faint)),
    ...(fix === "" ? [] : hang("  fix: ", fix, width)),
  ];
}

/** Places in one column, what stands there in the next; below each other where there is no room. */
function evidenceLines(
  evidence: readonly EvidenceView[],
  painter: Painter,
  columns: number,
): string[] {
  const places = widestOf(evidence.map(({ where }) => where));
  const room = columns - "    ".length - places - 2;
  const isBeside = room >= leastCode;
  return evidence.flatMap(({ where, text, note }) => {
    const shown = printable(note === "" ? text : `${note}: ${text}`);
    const isCode = /:\d+:\d+$/u.test(where);
    if (!isBeside) {
      const below = isCode
        ? [`      ${shorten(shown, columns - 6)}`]
        : hang("      ", shown, columns);
      return [`    ${painter.cyan(where)}`, ...below];
    }
    const [first = "", ...rest] = isCode
      ? [shorten(shown, room)]
      : hang("", shown, Math.min(room, proseColumns - places));
    const indent = " ".repeat(4 + places + 2);
    const lead = `    ${painter.cyan(where)}${padEnd("", places - cellWidth(where))}  `;
    return [lead + first, ...rest.map((line) => indent + line)];
  });
}

function ignoredLines({ ignored }: CheckView, painter: Painter, width: number): string[] {
  if (ignored.length === 0) return [];
  return [
    painter.bold("set aside by comments"),
    ...ignored.flatMap(({ rule, text }) => hang(`  ${rule}: `, text, width)),
  ];
}

function notJudgedLines({ notJudged }: CheckView, painter: Painter, width: number): string[] {
  if (notJudged.length === 0) return [];
  return [
    painter.bold("not judged"),
    ...notJudged.flatMap(({ rules, reason }) => [
      ...hang("  ", rules.join(", "), width),
      ...hang("    ", reason, width).map(painter.faint),
    ]),
  ];
}
