/**
 * The open schedule: when each iteration is due, whatever the target does.
 *
 * Due time n is a function of n alone, never a sum of rounded intervals, so nothing drifts over any length of run.
 * - constant: iteration k (from 0) is due at k * timeUnit / rate, while that is before the end. k6 truncates the period
 *   to nanoseconds and may start one iteration more at the boundary; this schedule does neither.
 * - ramping: iteration k (from 1) is due when the integral of the rate reaches k (k6-behaviour 3.4), the last one
 *   possibly at the very end.
 * Invariants: due times never fall; `countBy(dueAtMs(n))` is at least n + 1; all shares together own each k once.
 */
import type { ConstantArrivalRatePlan, RampingArrivalRatePlan } from "./executors.ts";
import { regularDurationMs } from "./executors.ts";
import type { Share } from "./segment.ts";
import type { Stage } from "./values.ts";

/** The iterations that one share starts, and when. */
export interface Arrivals {
  /** Milliseconds after the scenario's start at which this share's n-th iteration (from 0) is due; undefined past the last. */
  dueAtMs(n: number): number | undefined;
  /** Number of this share's n-th iteration in the whole test, from 0. */
  globalIndex(n: number): number;
  /** How many of this share's iterations are due at `atMs` or before. */
  countBy(atMs: number): number;
  /** All iterations of this share. */
  readonly total: number;
  /** Length of the regular period. */
  readonly durationMs: number;
}

/** The same for the whole test, without shares. */
interface Timetable {
  readonly total: number;
  dueAtMs(element: number): number;
  /** An estimate of the elements due by `atMs`, at most a few off. */
  estimateBy(atMs: number): number;
}

/** The iterations of an arrival-rate scenario that belong to `share`; dealt in proportion to its part of maxVUs. */
export function createArrivals(
  plan: ConstantArrivalRatePlan | RampingArrivalRatePlan,
  share: Share,
): Arrivals {
  const durationMs = regularDurationMs(plan);
  const timetable =
    plan.executor === "constant-arrival-rate" ? constantTimetable(plan) : rampingTimetable(plan);
  const owner = share.forTotal(plan.maxVus);
  const total = owner === undefined ? 0 : owner.scale(timetable.total);
  return {
    total,
    durationMs,
    globalIndex: (n) => owner?.globalIndex(n) ?? n,
    dueAtMs: (n) => (n < total ? timetable.dueAtMs(owner!.globalIndex(n)) : undefined),
    countBy: (atMs) => owner?.scale(elementsBy(timetable, atMs)) ?? 0,
  };
}

function constantTimetable(plan: ConstantArrivalRatePlan): Timetable {
  const { rate, timeUnitMs, durationMs } = plan;
  return {
    total: Math.ceil((durationMs * rate) / timeUnitMs),
    dueAtMs: (element) => (element * timeUnitMs) / rate,
    estimateBy: (atMs) => Math.floor((atMs * rate) / timeUnitMs) + 1,
  };
}

/** A stage as a piece of the integral. Areas are twice the integral in (iterations per timeUnit) * ms: whole numbers. */
interface Piece {
  readonly startMs: number;
  readonly durationMs: number;
  readonly fromRate: number;
  readonly toRate: number;
  readonly areaBefore: number;
  readonly areaAfter: number;
}

function rampingTimetable(plan: RampingArrivalRatePlan): Timetable {
  const pieces = toPieces(plan.startRate, plan.stages);
  const areaPerIteration = 2 * plan.timeUnitMs;
  return {
    total: Math.floor((pieces.at(-1)?.areaAfter ?? 0) / areaPerIteration),
    dueAtMs(element) {
      const area = (element + 1) * areaPerIteration;
      return dueInPiece(pieceOfArea(pieces, area), area);
    },
    estimateBy: (atMs) => Math.floor(areaBy(pieces, atMs) / areaPerIteration),
  };
}

function toPieces(startRate: number, stages: readonly Stage[]): Piece[] {
  const pieces: Piece[] = [];
  let startMs = 0;
  let fromRate = startRate;
  let areaBefore = 0;
  for (const { durationMs, target: toRate } of stages) {
    const areaAfter = areaBefore + durationMs * (fromRate + toRate);
    if (durationMs > 0)
      pieces.push({ startMs, durationMs, fromRate, toRate, areaBefore, areaAfter });
    startMs += durationMs;
    fromRate = toRate;
    areaBefore = areaAfter;
  }
  return pieces;
}

/**
 * Solves `2 f x + (t - f) x² / D = need` for x, where f and t are the rates at the ends of the piece and D its length.
 * The root is taken in the form that divides by a sum: it does not cancel when f and t are close, and needs no case for f = t.
 */
function dueInPiece(piece: Piece, area: number): number {
  const { startMs, durationMs, fromRate, toRate } = piece;
  const need = area - piece.areaBefore;
  // The radicand can fall below 0 by rounding only, where the rate itself falls to 0.
  const radicand = Math.max(0, fromRate * fromRate + ((toRate - fromRate) * need) / durationMs);
  return startMs + Math.min(durationMs, need / (fromRate + Math.sqrt(radicand)));
}

/** The piece in which the area is reached; the last one when rounding puts it past the end. */
function pieceOfArea(pieces: readonly Piece[], area: number): Piece {
  let index = 0;
  while (index < pieces.length - 1 && pieces[index]!.areaAfter < area) index++;
  return pieces[index]!;
}

function areaBy(pieces: readonly Piece[], atMs: number): number {
  const piece = pieces.findLast(({ startMs }) => startMs <= atMs);
  if (piece === undefined) return 0;
  const x = Math.min(piece.durationMs, atMs - piece.startMs);
  const slope = (piece.toRate - piece.fromRate) / piece.durationMs;
  return piece.areaBefore + 2 * piece.fromRate * x + slope * x * x;
}

/** Elements due at `atMs` or before: the estimate, corrected by comparing with the due times themselves. */
function elementsBy(timetable: Timetable, atMs: number): number {
  const { total } = timetable;
  let count = Math.min(total, Math.max(0, timetable.estimateBy(atMs)));
  while (count < total && timetable.dueAtMs(count) <= atMs) count++;
  while (count > 0 && timetable.dueAtMs(count - 1) > atMs) count--;
  return count;
}
