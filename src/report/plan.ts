/** The arithmetic of a plan, line by line, then what a person must know about it. */
import { hang, padEnd, padStart, printable, widestOf } from "./layout.ts";
import { formatQuantity } from "../base/numbers.ts";
import { createPainter, type Painter } from "./paint.ts";
import type { LoadFormView, PlanFindingView, PlanStepView, TextStyle } from "./view.ts";

const findingColumns = 100;

export interface PlanTextInput extends TextStyle {
  readonly steps: readonly PlanStepView[];
  readonly findings: readonly PlanFindingView[];
  /** Equivalent forms of the load. */
  readonly forms?: readonly LoadFormView[];
}

/**
 * Every step as "quantity = value unit" with its formula, then the forms of the load, then the findings with what would
 * do instead.
 * On a terminal too narrow for both, a formula stands below its step. Ends with a line break.
 */
export function renderPlan({
  steps,
  findings,
  forms = [],
  colours,
  columns,
}: PlanTextInput): string {
  const painter = createPainter(colours);
  const lines = stepLines(steps, columns, painter);
  const blocks = findings.map((finding) => findingLines(finding, columns, painter));
  const all = [lines, formLines(forms, columns, painter), ...blocks].filter(
    (block) => block.length > 0,
  );
  return all.map((block) => `${block.join("\n")}\n`).join("\n");
}

function stepLines(steps: readonly PlanStepView[], columns: number, painter: Painter): string[] {
  const cells = steps.map(({ quantity, value, unit, formula }) => ({
    quantity: printable(quantity),
    value: formatQuantity(value),
    unit: printable(unit),
    formula: printable(formula),
  }));
  const widest = (key: "quantity" | "value" | "unit" | "formula"): number =>
    widestOf(cells.map((cell) => cell[key]));
  const leadWidth = widest("quantity") + widest("value") + widest("unit") + " =  ".length;
  const isBeside = leadWidth + 2 + widest("formula") <= columns;
  return cells.flatMap(({ quantity, value, unit, formula }) => {
    const name = padEnd(quantity, widest("quantity"));
    const lead = `${name} = ${painter.bold(padStart(value, widest("value")))} `;
    if (isBeside) return [`${lead}${padEnd(unit, widest("unit"))}  ${painter.faint(formula)}`];
    return [lead + unit, ...hang("    ", formula, columns).map(painter.faint)];
  });
}

function formLines(forms: readonly LoadFormView[], columns: number, painter: Painter): string[] {
  if (forms.length === 0) return [];
  const width = Math.min(columns, findingColumns);
  return [
    "The same load in other words:",
    ...forms.flatMap(({ model, description, isRecommended, reason }) => {
      const name = isRecommended ? `${model}, recommended` : model;
      const [first = "", ...rest] = hang(`  ${name}: `, description, width);
      const lead = isRecommended ? first.replace(name, () => painter.bold(name)) : first;
      return [lead, ...rest, ...hang("    ", reason, width).map(painter.faint)];
    }),
  ];
}

function findingLines(
  { severity, message, alternatives }: PlanFindingView,
  columns: number,
  painter: Painter,
): string[] {
  const width = Math.min(columns, findingColumns);
  const paint = { problem: painter.red, warning: painter.yellow, info: painter.cyan }[severity];
  const [first = "", ...rest] = hang(`${severity}: `, message, width);
  const instead = alternatives.flatMap((text) => hang("  - ", text, width));
  const heading = alternatives.length > 0 ? ["  instead:"] : [];
  return [first.replace(severity, () => paint(severity)), ...rest, ...heading, ...instead];
}
