/** A search for the limit for people: a line a trial while it goes on, and at its end the table, the answer, the curve. */
import { formatGoDuration } from "../base/units.ts";
import type { LimitRecord, LimitTrialRecord } from "../record/index.ts";
import { hang, printable } from "./layout.ts";
import {
  absent,
  formatLatency,
  formatPercent,
  formatQuantity,
  formatRate,
} from "../base/numbers.ts";
import { createPainter, type Painter } from "./paint.ts";
import { layOutTable, type TableColumn } from "./table.ts";
import { renderBanner } from "./verdict.ts";
import type { TextStyle } from "./view.ts";

/** Lines of prose are not wider than this, however wide the terminal. */
const proseColumns = 100;

export const trialPurposes: Readonly<Record<LimitTrialRecord["purpose"], string>> = {
  ramp: "ramp",
  narrow: "narrow",
  "confirm-below": "prove low",
  "confirm-above": "prove high",
  recovery: "recovery",
};

export const trialSides: Readonly<Record<LimitTrialRecord["side"], string>> = {
  holds: "holds",
  "looks-good": "looks good",
  "looks-bad": "looks bad",
  fails: "fails",
  invalid: "invalid",
};

/** What a trial will do, in a line. */
export function renderTrialStart(
  plan: Pick<LimitTrialRecord, "purpose" | "ratePerSecond" | "warmUpMs" | "steadyMs">,
  number: number,
): string {
  const length = `${formatGoDuration(plan.warmUpMs)} + ${formatGoDuration(plan.steadyMs)}`;
  return `trial ${number}: ${formatRate(plan.ratePerSecond)} requests/s for ${length} (${trialPurposes[plan.purpose]})`;
}

/** What came of a trial, in a line. */
export function renderTrialEnd(trial: LimitTrialRecord): string {
  const figures = [
    `${formatRate(trial.achievedPerSecond)} requests/s`,
    `p95 ${formatLatency(trial.p95Ms)}`,
    ...(trial.errorShare === null ? [] : [`errors ${formatPercent(trial.errorShare)}`]),
  ];
  const isTold = trial.side === "fails" || trial.side === "invalid";
  const why = isTold ? `: ${trial.sentence.replace(/^[A-Z]+: /u, "")}` : "";
  return printable(`  ${trialSides[trial.side]}; ${figures.join(", ")}${why}`);
}

/** The whole search. Ends with a line break. */
export function renderLimit(limit: LimitRecord, style: TextStyle): string {
  const painter = createPainter(style.colours);
  const width = Math.min(style.columns, proseColumns);
  const remarks = limitRemarks(limit).flatMap((remark) => hang("  - ", remark, width));
  const sections = [
    trialTable(limit.trials, style.columns, painter),
    [...renderBanner(limit, painter, width), ...remarks],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n`)
    .join("\n");
}

function trialTable(
  trials: readonly LimitTrialRecord[],
  columns: number,
  painter: Painter,
): string[] {
  if (trials.length === 0) return [];
  const paint = (text: string, row: number): string => sidePaint(trials[row]!, painter)(text);
  const table: TableColumn[] = [
    { title: "#", align: "right" },
    { title: "Why", align: "left", leastWidth: 8, canDrop: true },
    { title: "Requests/s", align: "right" },
    { title: "Answered", align: "right", canDrop: true },
    { title: "Judged", align: "right", canDrop: true },
    { title: "p50", align: "right", canDrop: true },
    { title: "p95", align: "right" },
    { title: "p99", align: "right", canDrop: true },
    { title: "Errors", align: "right" },
    { title: "Says", align: "left", paint },
  ];
  const rows = trials.map((trial, index) => [
    String(index + 1),
    trialPurposes[trial.purpose],
    formatRate(trial.ratePerSecond),
    formatRate(trial.achievedPerSecond),
    formatGoDuration(trial.steadyMs),
    formatLatency(trial.p50Ms),
    formatLatency(trial.p95Ms),
    formatLatency(trial.p99Ms),
    trial.errorShare === null ? absent : formatPercent(trial.errorShare),
    trialSides[trial.side],
  ]);
  const {
    head,
    ruler,
    rows: lines,
  } = layOutTable(table, rows, { width: columns, separator: " | " });
  return [...head.map(painter.bold), ruler, ...lines.flat()];
}

function sidePaint({ side }: LimitTrialRecord, painter: Painter): (text: string) => string {
  if (side === "holds" || side === "looks-good") return painter.green;
  return side === "invalid" ? painter.yellow : painter.red;
}

/** What else is worth knowing of a search, a sentence each. */
export function limitRemarks(limit: LimitRecord): string[] {
  return [
    ...rangeRemark(limit),
    kneeRemark(limit),
    uslRemark(limit),
    ...recoveryRemark(limit),
    "iterations were started evenly spaced: users who come at random moments queue more, so the target holds somewhat fewer of them",
  ];
}

function rangeRemark({ trials, sustainable }: LimitRecord): string[] {
  const ofSide = (side: LimitTrialRecord["side"]): number[] =>
    trials
      .filter((trial) => trial.side === side && trial.purpose !== "recovery")
      .map(({ ratePerSecond }) => ratePerSecond);
  const lowestFailed = Math.min(Infinity, ...ofSide("fails"));
  const held = ofSide("holds").filter((rate) => rate < lowestFailed);
  if (sustainable === null || held.length === 0) return [];
  const above = Number.isFinite(lowestFailed)
    ? `, one at ${formatRate(lowestFailed)} that it does not`
    : "";
  return [`a trial at ${formatRate(Math.max(...held))} requests/s showed that it holds${above}`];
}

function kneeRemark({ knee: { throughput, latency } }: LimitRecord): string {
  const seen = [
    ...(latency === null ? [] : [`p95 bends upward at about ${formatRate(latency)} requests/s`]),
    ...(throughput === null
      ? []
      : [`from ${formatRate(throughput)} requests/s on less comes through than is sent`]),
  ];
  return `knee: ${seen.length === 0 ? "none in what was tested" : seen.join("; ")}`;
}

function uslRemark({ usl, uslReason }: LimitRecord): string {
  if (usl === null) return `Universal Scalability Law: no fit is shown, because ${uslReason ?? ""}`;
  const { ratePerSecond, contention, coherence, residual, points, peak } = usl;
  const top =
    peak === null
      ? "no peak in what was tested"
      : `peak ${formatRate(peak.requestsPerSecond)} requests/s at ${formatQuantity(peak.inFlight)} in flight`;
  return (
    `Universal Scalability Law over ${points} trials (residual ${formatPercent(residual)}): ` +
    `${formatRate(ratePerSecond)} requests/s one at a time, contention ${formatQuantity(contention)}, ` +
    `coherence ${formatQuantity(coherence)}; ${top}`
  );
}

function recoveryRemark({ recovery }: LimitRecord): string[] {
  if (recovery === null) return [];
  if (!recovery.recovered || recovery.afterMs === null)
    return ["recovery: the target was not well again within a minute of the last overload"];
  const seconds = `${(recovery.afterMs / 1_000).toFixed(1)} s`;
  return [`recovery: the target was well again ${seconds} after the last overload`];
}
