/** The verdict for people: a banner with its sentence, the reasons, the generator's health; and the scorecard. */
import { hang, printable, spaces, wrap } from "./layout.ts";
import { formatQuantity } from "../base/numbers.ts";
import { createPainter, type Painter } from "./paint.ts";
import { layOutTable, type TableColumn } from "./table.ts";
import type { CriterionStatus, CriterionView, TextStyle, VerdictView } from "./view.ts";

const marks: Readonly<Record<CriterionStatus, { mark: string; word: string }>> = {
  PASS: { mark: "✓", word: "PASS" },
  FAIL: { mark: "✗", word: "FAIL" },
  INCONCLUSIVE: { mark: "?", word: "INCONCLUSIVE" },
  NOT_JUDGED: { mark: "–", word: "not judged" },
};

/** Lines of prose are not wider than this, however wide the terminal. */
const proseColumns = 100;

/** The table Metric | Required | Measured | Status; under each row that is not a PASS, why. Ends with a line break. */
export function renderScorecard(
  verdict: Pick<VerdictView, "scorecard">,
  { colours, columns }: TextStyle,
): string {
  const { scorecard } = verdict;
  if (scorecard.length === 0) return "No criteria: the run had no objectives to meet.\n";
  const painter = createPainter(colours);
  const table = layOutTable(
    scorecardColumns(scorecard, painter),
    scorecard.map(({ label, required, measured, status }) => [
      ...[label, required, measured].map(printable),
      `${marks[status].mark} ${marks[status].word}`,
    ]),
    { width: columns, separator: " | " },
  );
  const lines = scorecard.flatMap(({ status, explanation }, row) => {
    const isExplained = status !== "PASS" && explanation.trim() !== "";
    const why = isExplained ? hang("    ", explanation, Math.min(columns, proseColumns)) : [];
    return [...table.rows[row]!, ...why.map(painter.faint)];
  });
  return `${[...table.head.map(painter.bold), table.ruler, ...lines].join("\n")}\n`;
}

/** Banner, reasons and the generator's health. Ends with a line break. */
export function renderVerdict(verdict: VerdictView, { colours, columns }: TextStyle): string {
  const painter = createPainter(colours);
  const width = Math.min(columns, proseColumns);
  const reasons = verdict.reasons.flatMap((reason) => hang("  - ", reason, width));
  const lines = [
    ...renderBanner(verdict, painter, width),
    ...reasons,
    ...generatorLines(verdict, painter, width),
  ];
  return `${lines.join("\n")}\n`;
}

/** A verdict and its sentence between two rules. */
export function renderBanner(
  { verdict: word, sentence }: Pick<VerdictView, "verdict" | "sentence">,
  painter: Painter,
  width: number,
): string[] {
  const paint = verdictPaint(word, painter);
  const line = paint("=".repeat(Math.max(1, width)));
  // The sentence begins with the verdict, which the banner sets apart.
  const text = sentence.replace(new RegExp(`^${word}: `, "u"), "");
  const [first = "", ...rest] = wrap(text, width - word.length - 2);
  const lead = spaces(word.length + 2);
  return [
    line,
    `${painter.bold(paint(word))}  ${painter.bold(first)}`,
    ...rest.map((more) => lead + painter.bold(more)),
    line,
  ];
}

function scorecardColumns(scorecard: readonly CriterionView[], painter: Painter): TableColumn[] {
  const paint = (text: string, row: number): string => {
    const { status } = scorecard[row]!;
    if (status === "PASS") return painter.green(text);
    if (status === "FAIL") return painter.red(text);
    return status === "INCONCLUSIVE" ? painter.yellow(text) : painter.faint(text);
  };
  return [
    { title: "Metric", align: "left", leastWidth: 8 },
    { title: "Required", align: "left", leastWidth: 8 },
    { title: "Measured", align: "left", leastWidth: 8 },
    { title: "Status", align: "left", paint },
  ];
}

/** Green for a PASS, red for a FAIL, yellow for what is neither. */
export function verdictPaint(
  verdict: VerdictView["verdict"],
  { green, red, yellow }: Painter,
): (text: string) => string {
  if (verdict === "PASS") return green;
  return verdict === "FAIL" ? red : yellow;
}

function generatorLines(
  { generator: { status, sentence, figures } }: VerdictView,
  painter: Painter,
  width: number,
): string[] {
  const [first = "", ...rest] = hang(`Generator ${status}: `, sentence, width);
  const paint =
    status === "healthy" ? painter.green : status === "warning" ? painter.yellow : painter.red;
  const exceeded = figures
    .filter((figure) => figure.exceeded)
    .flatMap(({ name, value, limit }) =>
      hang("  - ", `${name}: ${formatQuantity(value)}, limit ${formatQuantity(limit)}`, width),
    );
  return [first.replace(status, () => paint(status)), ...rest, ...exceeded];
}
