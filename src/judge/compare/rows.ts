/**
 * From evidence to a row: better, worse, the same, or unclear. A worsening counts when it is real (its probability by
 * chance, all rows considered, is small), larger than what is allowed (its lower limit is), and large enough to matter
 * (the floor). "The same" needs its upper limit below what is allowed, or below the floor: no evidence of a worsening is
 * not evidence of none.
 */
import { formatCount } from "../../base/units.ts";
import { formatMs, formatShare } from "../wording.ts";
import type { Change, CompareSettings, ComparisonRow } from "./comparison.ts";
import { type Evidence, type NoEvidence, shownValue, type Subject } from "./evidence.ts";
import type { Measure } from "./measures.ts";
import type { Shift } from "./ranks.ts";
import { probableRuns } from "./runs-needed.ts";

/** What the tests of all rows together say of one. */
export interface Tested {
  readonly worse: number;
  readonly better: number;
}

const smallest = 1e-12;

/** A row that can be judged. */
export function judgedRow(
  subject: Subject,
  evidence: Evidence,
  { tested, settings }: { readonly tested: Tested; readonly settings: CompareSettings },
): ComparisonRow {
  const { measure } = subject;
  const values = shownValues(subject);
  const terms = termsOf(measure, values.base ?? 0, settings);
  const { shift, effect } = evidence;
  const alpha = 1 - settings.confidence + smallest;
  const looksWorse = shift.estimate > terms.limit && terms.sizeOf(shift.estimate) > terms.floor;
  const isWorse =
    tested.worse <= alpha && shift.low > terms.limit && terms.sizeOf(shift.estimate) > terms.floor;
  const isBetter =
    tested.better <= alpha && shift.high < 0 && terms.sizeOf(-shift.estimate) > terms.floor;
  const isHarmless =
    (shift.high < terms.limit || terms.sizeOf(shift.high) < terms.floor) &&
    !isContradicted(measure, values, settings);
  const status = isWorse ? "worse" : isBetter ? "better" : isHarmless ? "same" : "unclear";
  const row: ComparisonRow = {
    ...bareRow(subject),
    ...values,
    change: changeOf(measure, shift),
    allowed: terms.shown,
    effect,
    probability: tested.worse,
    status,
    looksWorse,
  };
  if (status === "unclear") {
    const runsNeeded = probableRuns(subject, evidence, { limit: terms.limit, settings });
    return { ...row, runsNeeded, explanation: unclearBecause(subject, row, runsNeeded) };
  }
  const isBelowFloor = status === "same" && shift.high >= terms.limit;
  return isBelowFloor ? { ...row, explanation: belowFloor(measure, settings) } : row;
}

/** A row that says what there is and that it is not judged. */
export function shownRow(subject: Subject, { reason }: NoEvidence): ComparisonRow {
  const values = shownValues(subject);
  return {
    ...bareRow(subject),
    ...values,
    change: changeOfValues(subject.measure, values),
    status: subject.measure.isPrimary ? "unclear" : "shown",
    explanation: reason,
  };
}

/** A row of which only one side has something. */
export function lonelyRow(subject: Subject): ComparisonRow {
  const status = subject.base.length > 0 ? "only-base" : "only-new";
  return { ...bareRow(subject), ...shownValues(subject), status };
}

/** No failure on either side of an endpoint: that few requests could not show a rare one is the whole run's to say. */
export function faultlessRow(subject: Subject): ComparisonRow {
  const asked = [...subject.base, ...subject.fresh].reduce(
    (sum, { series }) => sum + series.requests,
    0,
  );
  return {
    ...bareRow(subject),
    ...shownValues(subject),
    change: { kind: "absolute", estimate: 0, low: null, high: null },
    status: "same",
    explanation: `none of ${formatCount(asked)} requests failed`,
  };
}

function bareRow({ endpoint, measure }: Subject): ComparisonRow {
  const { id, label, unit, worse, isPrimary } = measure;
  return {
    endpoint,
    measure: id,
    label,
    unit,
    worse,
    isGated: isPrimary,
    base: null,
    new: null,
    change: null,
    allowed: 0,
    effect: null,
    probability: null,
    status: "shown",
    looksWorse: false,
    explanation: "",
    runsNeeded: null,
  };
}

function shownValues(subject: Subject): Pick<ComparisonRow, "base" | "new"> {
  return { base: shownValue(subject, subject.base), new: shownValue(subject, subject.fresh) };
}

/** What is allowed, in terms of a shift and in those that are shown. */
interface Terms {
  readonly limit: number;
  readonly shown: number;
  readonly floor: number;
  /** How much a shift is in the measure's own unit. */
  readonly sizeOf: (shift: number) => number;
}

function termsOf(measure: Measure, base: number, settings: CompareSettings): Terms {
  const { limitShare, latencyFloorMs, errorFloorShare } = settings;
  if (measure.kind === "share") {
    const allowed = limitShare * base;
    return {
      limit: allowed,
      shown: Math.max(allowed, errorFloorShare),
      floor: errorFloorShare,
      sizeOf: (shift) => shift,
    };
  }
  const isFloored = measure.unit === "ms" && measure.id !== "generator_cpu";
  return {
    limit: measure.worse === "more" ? Math.log1p(limitShare) : -Math.log1p(-limitShare),
    shown: limitShare,
    floor: isFloored ? latencyFloorMs : 0,
    sizeOf: (shift) =>
      measure.worse === "more" ? base * Math.expm1(shift) : -base * Math.expm1(-shift),
  };
}

/**
 * True when the figures that are shown say "worse than allowed" where the shift does not: windows of a run whose whole is
 * much worse than they are, say, because one of them was terrible.
 */
function isContradicted(
  measure: Measure,
  values: Pick<ComparisonRow, "base" | "new">,
  settings: CompareSettings,
): boolean {
  if (measure.kind === "share" || values.base === null || values.new === null) return false;
  const { limit, floor, sizeOf } = termsOf(measure, values.base, settings);
  const ratio = Math.log(values.new / values.base) * (measure.worse === "more" ? 1 : -1);
  return !(ratio < limit || sizeOf(ratio) < floor);
}

/** A shift as it is shown: against the base, in the measure's own direction. */
function changeOf(measure: Measure, { estimate, low, high }: Shift): Change {
  if (measure.kind === "share")
    return { kind: "absolute", estimate, low: known(low), high: known(high) };
  const toShare = (shift: number): number =>
    measure.worse === "more" ? Math.expm1(shift) : Math.expm1(-shift);
  const ends = [toShare(low), toShare(high)].sort((one, other) => one - other);
  return {
    kind: "relative",
    estimate: toShare(estimate),
    low: known(ends[0]!),
    high: known(ends[1]!),
  };
}

function changeOfValues(
  measure: Measure,
  { base, new: fresh }: Pick<ComparisonRow, "base" | "new">,
): Change | null {
  if (base === null || fresh === null) return null;
  if (measure.kind === "share")
    return { kind: "absolute", estimate: fresh - base, low: null, high: null };
  return base > 0 ? { kind: "relative", estimate: fresh / base - 1, low: null, high: null } : null;
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function belowFloor(measure: Measure, settings: CompareSettings): string {
  const floor =
    measure.kind === "share"
      ? formatShare(settings.errorFloorShare)
      : formatMs(settings.latencyFloorMs);
  return `a change of less than ${floor} does not count`;
}

function unclearBecause(
  { measure, base, fresh }: Subject,
  { looksWorse, change }: ComparisonRow,
  runsNeeded: number | null,
): string {
  const seen = looksWorse
    ? "it looks worse, but that may be chance"
    : "it may be worse than allowed";
  if (measure.kind === "share") {
    const high = formatShare(change?.high ?? 1);
    const times = Math.ceil((runsNeeded ?? 1_000) / Math.max(base.length, fresh.length));
    const more =
      times >= 1_000 ? "more requests" : `about ${formatCount(times)} times the requests`;
    return `${seen} (up to ${high} more): needs ${more}, or a floor that high (--error-floor)`;
  }
  if (runsNeeded === null) {
    const isPair = base.length + fresh.length === 2;
    return `${seen}: needs ${isPair ? "3 runs a side, or a longer steady state" : "more runs"}`;
  }
  const runs = runsNeeded > 100 ? "more than 100 runs" : `about ${runsNeeded} runs`;
  return `${seen}: needs ${runs} a side`;
}
