/** The rows of figures of the live view: what the target does, beside what was planned and what is allowed. */
import type { LiveView } from "./live-view.ts";
import { formatLatency, formatPercent, formatRate, formatWhole } from "../../base/numbers.ts";
import type { Painter } from "../paint.ts";
import { screenText, type Span } from "./spans.ts";
import { type Glyphs, sparkline } from "./sparkline.ts";

export interface LiveRow {
  readonly label: string;
  readonly value: Span;
  /** The plan, or the limit; may be empty. */
  readonly note: string;
  /** What fills the rest of the line, of so many cells. */
  readonly rest: (room: number) => readonly Span[];
}

type Paint = Span["paint"];

/** Below this part of what was planned a second counts as short of it. */
const shortOfPlan = 0.9;

export function liveRows(view: LiveView, paint: Painter, glyphs: Glyphs): readonly LiveRow[] {
  return [
    requestRow(view, paint, glyphs),
    latencyRow(view, paint, glyphs),
    errorRow(view, paint),
    iterationRow(view, paint),
  ];
}

function requestRow(view: LiveView, paint: Painter, glyphs: Glyphs): LiveRow {
  const { requestsPerSecond, plannedRequestsPerSecond: planned } = view;
  return {
    label: "requests",
    value: { text: `${formatRate(requestsPerSecond)}/s`, paint: paint.bold },
    note: planned === undefined ? "" : `plan ${formatRate(planned)}/s`,
    rest: (room) => {
      const seconds = view.seconds.slice(-room);
      const levels = seconds.flatMap((each) => [
        each.requestsPerSecond,
        each.plannedRequestsPerSecond ?? 0,
      ]);
      return curve(
        seconds.map((each) => ({
          value: each.requestsPerSecond,
          paint: isShort(each.requestsPerSecond, each.plannedRequestsPerSecond)
            ? paint.yellow
            : paint.cyan,
        })),
        greatest(levels),
        glyphs,
      );
    },
  };
}

function isShort(actual: number, planned: number | undefined): boolean {
  return planned !== undefined && actual < shortOfPlan * planned;
}

function latencyRow(view: LiveView, paint: Painter, glyphs: Glyphs): LiveRow {
  const { latencyName, latencyLimitMs: limitMs } = view;
  const latest = view.seconds.at(-1)?.latencyMs ?? null;
  const isOver = (valueMs: number | null): boolean =>
    limitMs !== undefined && valueMs !== null && valueMs > limitMs;
  return {
    label: latencyName,
    value: {
      text: formatLatency(latest),
      paint: isOver(latest) ? (text) => paint.bold(paint.red(text)) : paint.bold,
    },
    note: limitMs === undefined ? "" : `limit ${formatLatency(limitMs)}`,
    rest: (room) => {
      const seconds = view.seconds.slice(-room);
      return curve(
        seconds.map(({ latencyMs }) => ({
          value: latencyMs,
          paint: isOver(latencyMs) ? paint.red : paint.cyan,
        })),
        greatest(seconds.map(({ latencyMs }) => latencyMs ?? 0)),
        glyphs,
      );
    },
  };
}

function errorRow({ failedShare, errorLimit, errorKinds }: LiveView, paint: Painter): LiveRow {
  const isOver = errorLimit !== undefined && failedShare > errorLimit;
  const kinds = errorKinds.slice(0, 4).map(({ kind, count }) => `${formatWhole(count)} ${kind}`);
  const more = errorKinds.length - kinds.length;
  const text = [...kinds, ...(more > 0 ? [`${formatWhole(more)} more kinds`] : [])].join(", ");
  return {
    label: "errors",
    value: { text: formatPercent(failedShare), paint: errorPaint(failedShare, isOver, paint) },
    note: errorLimit === undefined ? "" : `limit ${formatPercent(errorLimit)}`,
    rest: () => [{ text: screenText(text) }],
  };
}

function errorPaint(share: number, isOver: boolean, paint: Painter): Paint {
  if (isOver) return (text) => paint.bold(paint.red(text));
  return share > 0 ? paint.yellow : paint.bold;
}

function iterationRow({ iterations }: LiveView, paint: Painter): LiveRow {
  const { perSecond, plannedPerSecond, started, due, dropped, failed } = iterations;
  const begun =
    due === undefined
      ? `${formatWhole(started)} started`
      : `${formatWhole(started)} of ${formatWhole(due)} due`;
  return {
    label: "iterations",
    value: { text: `${formatRate(perSecond)}/s`, paint: paint.bold },
    note: plannedPerSecond === undefined ? "" : `plan ${formatRate(plannedPerSecond)}/s`,
    rest: () => [
      // What should not be comes first: it must not be cut off.
      ...(dropped > 0
        ? [{ text: `${formatWhole(dropped)} dropped`, paint: paint.yellow }, comma]
        : []),
      ...(failed > 0
        ? [{ text: `${formatWhole(failed)} failed`, paint: paint.yellow }, comma]
        : []),
      { text: begun },
    ],
  };
}

const comma: Span = { text: ", " };

interface CurvePoint {
  readonly value: number | null;
  readonly paint: Paint;
}

/** A sparkline in as few pieces as it has changes of colour. */
function curve(points: readonly CurvePoint[], top: number, glyphs: Glyphs): Span[] {
  const values = points.map(({ value }) => value);
  // Each is one code unit.
  const characters = sparkline(values, top, glyphs).split("");
  const spans: { text: string; paint: Paint }[] = [];
  for (const [index, { paint }] of points.entries()) {
    const last = spans.at(-1);
    if (last !== undefined && last.paint === paint) last.text += characters[index]!;
    else spans.push({ text: characters[index]!, paint });
  }
  return spans;
}

function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => (value > most ? value : most), 0);
}
