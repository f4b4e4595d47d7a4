/** A campaign for people: a row a phase, and the verdict of all of them. */
import { formatGoDuration } from "../base/units.ts";
import { hang, printable } from "./layout.ts";
import { absent, formatWhole } from "./numbers.ts";
import { createPainter, type Painter } from "./paint.ts";
import { layOutTable, type TableColumn } from "./table.ts";
import { renderBanner, verdictPaint } from "./verdict.ts";
import type { CriterionView, TextStyle, VerdictView } from "./view.ts";

/** One phase as it stands. */
export interface CampaignPhaseView {
  readonly name: string;
  readonly users: number;
  /** Warm-up and steady state together. */
  readonly durationMs: number;
  /** Id of the run; null when there is none. */
  readonly run: string | null;
  /** A verdict, or the state of a phase that has none: "not run", "interrupted". */
  readonly status: string;
  /** The judged run; undefined when it is not. */
  readonly verdict: VerdictView | undefined;
}

export interface CampaignView {
  readonly id: string;
  /** Times of the phases were divided by this. */
  readonly compression: number;
  readonly phases: readonly CampaignPhaseView[];
  readonly verdict: Pick<VerdictView, "verdict" | "sentence" | "reasons">;
}

/** Lines of prose are not wider than this, however wide the terminal. */
const proseColumns = 100;

/** The report of a campaign: its phases, their rows that are no PASS, the verdict. Ends with a line break. */
export function renderCampaign(campaign: CampaignView, style: TextStyle): string {
  const painter = createPainter(style.colours);
  const width = Math.min(style.columns, proseColumns);
  const { id, compression, phases, verdict } = campaign;
  const tryOut = `A try-out: all times are divided by ${formatWhole(compression)}. It shows that the campaign works, not that the target does.`;
  const head = [
    painter.bold(`Campaign ${printable(id)}`),
    ...(compression > 1 ? hang("", tryOut, width).map(painter.yellow) : []),
  ];
  const table = phaseTable(phases, style.columns, painter);
  const open = phases.flatMap((phase) => openRows(phase, width));
  const reasons = verdict.reasons.flatMap((reason) => hang("  - ", reason, width));
  const sections = [
    [...head, ...table],
    open.length === 0 ? [] : [painter.bold("Not passed:"), ...open],
    [...renderBanner(verdict, painter, width), ...reasons],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

/** What each column shows of a phase's scorecard. */
const measures: readonly { readonly title: string; readonly id: string }[] = [
  { title: "Requests/s", id: "requests_per_second" },
  { title: "p95", id: "latency_p95" },
  { title: "p99", id: "latency_p99" },
  { title: "Errors", id: "error_rate" },
  { title: "CPU", id: "target_cpu" },
  { title: "Memory", id: "target_memory" },
];

function phaseTable(
  phases: readonly CampaignPhaseView[],
  columns: number,
  painter: Painter,
): string[] {
  const paint = (text: string, row: number): string => statusPaint(phases[row]!, painter)(text);
  const table: TableColumn[] = [
    { title: "Phase", align: "left" },
    { title: "Users", align: "right" },
    { title: "Time", align: "right" },
    ...measures.map(
      ({ title }): TableColumn => ({
        title,
        align: "right",
        leastWidth: 8,
        canDrop: title !== "Requests/s" && title !== "p95" && title !== "Errors",
      }),
    ),
    { title: "Verdict", align: "left", paint },
  ];
  const rows = phases.map((phase) => [
    printable(phase.name),
    formatWhole(phase.users),
    formatGoDuration(phase.durationMs),
    ...measures.map(({ id }) => measuredOf(phase, id)),
    phase.status,
  ]);
  const {
    head,
    ruler,
    rows: lines,
  } = layOutTable(table, rows, { width: columns, separator: " | " });
  return [...head.map(painter.bold), ruler, ...lines.flat()];
}

/** The measured figure alone: "0.02 % (3 of 13,332)" is "0.02 %". */
function measuredOf({ verdict }: CampaignPhaseView, id: string): string {
  const row = verdict?.scorecard.find((each) => each.id === id);
  return row === undefined ? absent : printable(row.measured.replace(/ \(.*\)$/u, ""));
}

function openRows({ name, verdict }: CampaignPhaseView, width: number): string[] {
  const open = verdict?.scorecard.filter(isOpen) ?? [];
  return open.flatMap(({ label, measured, required, explanation }) =>
    hang("  - ", `${name}: ${label} ${measured} (required ${required}): ${explanation}`, width),
  );
}

function isOpen({ status }: CriterionView): boolean {
  return status === "FAIL" || status === "INCONCLUSIVE";
}

function statusPaint(
  { status, verdict }: CampaignPhaseView,
  painter: Painter,
): (text: string) => string {
  return verdict === undefined || status !== verdict.verdict
    ? painter.faint
    : verdictPaint(verdict.verdict, painter);
}
