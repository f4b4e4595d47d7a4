/** A campaign for people: a row a phase, and the verdict of all of them. */
import { formatGoDuration } from "../base/units.ts";
import { hang, printable } from "./layout.ts";
import { absent, formatWhole } from "../base/numbers.ts";
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

interface Measure {
  readonly title: string;
  /** Of the scorecard's row. */
  readonly id: string;
  /** The part of what was measured that the column shows; all of it when it is not there. */
  readonly part?: RegExp;
  readonly canDrop?: boolean;
}

const measures: readonly Measure[] = [
  { title: "Requests/s", id: "requests_per_second", part: /^[^/]+/u },
  { title: "p95", id: "latency_p95" },
  { title: "p99", id: "latency_p99", canDrop: true },
  // "0.02 % (3 of 13,332)"
  { title: "Errors", id: "error_rate", part: /^[^(]+(?= \()/u },
  // "mean 41 %, p95 52 %"
  { title: "CPU", id: "target_cpu", part: /(?<=^mean )[^,]+/u, canDrop: true },
  // "305 MB to 306 MB (+782 kB)"
  { title: "Memory", id: "target_memory", part: /(?<=\()[+-][^)]+/u, canDrop: true },
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
      ({ title, canDrop = false }): TableColumn => ({
        title,
        align: "right",
        leastWidth: 8,
        canDrop,
      }),
    ),
    { title: "Verdict", align: "left", paint },
  ];
  const rows = phases.map((phase) => [
    printable(phase.name),
    formatWhole(phase.users),
    formatGoDuration(phase.durationMs),
    ...measures.map((measure) => measuredOf(phase, measure)),
    phase.status,
  ]);
  const {
    head,
    ruler,
    rows: lines,
  } = layOutTable(table, rows, { width: columns, separator: " | " });
  return [...head.map(painter.bold), ruler, ...lines.flat()];
}

function measuredOf({ verdict }: CampaignPhaseView, { id, part }: Measure): string {
  const row = verdict?.scorecard.find((each) => each.id === id && each.endpoint === undefined);
  if (row === undefined) return absent;
  return printable(part?.exec(row.measured)?.[0] ?? row.measured);
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
