/** The rows of scenarios of the live view: name, bar, VUs, iterations; aligned, and as many as there is room for. */
import { widestOf } from "../layout.ts";
import type { LiveScenario, ScreenGrid } from "./live-view.ts";
import { formatClock, formatRate, formatWhole } from "../../base/numbers.ts";
import { cell, renderSpans, screenText, type Span, widthOfSpans } from "./spans.ts";
import { doneCells } from "./sparkline.ts";

/** Texts of one row. */
interface Row {
  readonly scenario: LiveScenario;
  readonly percent: string;
  readonly vus: string;
  readonly pace: string;
}

const gap = 2;
const leastBar = 6;
const longestBar = 40;
const percentWidth = 5;

/** At most `most` lines; when that is not all, the last one counts the rest. */
export function scenarioRows(
  scenarios: readonly LiveScenario[],
  grid: ScreenGrid,
  most: number,
): string[] {
  if (most <= 0 || scenarios.length === 0) return [];
  const isAll = scenarios.length <= most;
  const shown = isAll ? scenarios : mostTelling(scenarios, most - 1);
  const rest = scenarios.filter((each) => !shown.includes(each));
  const rows = shown.map(toRow);
  const widths = fittingWidths(rows, grid);
  const lines = rows.map((row) => rowLine(row, grid, widths));
  return isAll ? lines : [...lines, restLine(rest, shown.length > 0, grid)];
}

/** Those that go on, then those to come; in their own order. */
function mostTelling(scenarios: readonly LiveScenario[], most: number): LiveScenario[] {
  const ranks = { stopping: 0, running: 0, waiting: 1, "cut short": 2, done: 3 } as const;
  const best = scenarios
    .toSorted((first, second) => ranks[first.state] - ranks[second.state])
    .slice(0, most);
  return scenarios.filter((each) => best.includes(each));
}

function restLine(
  rest: readonly LiveScenario[],
  isMore: boolean,
  { paint, width }: ScreenGrid,
): string {
  const states = ["running", "stopping", "waiting", "cut short", "done"] as const;
  const counted = states.flatMap((state) => {
    const count = rest.filter((each) => each.state === state).length;
    return count === 0 ? [] : [`${formatWhole(count)} ${state}`];
  });
  const text = `${isMore ? "and " : ""}${formatWhole(rest.length)} ${isMore ? "more" : "scenarios"}: ${counted.join(", ")}`;
  return renderSpans([{ text, paint: paint.faint }], width);
}

function toRow(scenario: LiveScenario): Row {
  const { reached, state, activeVus, vus } = scenario;
  const isBegun = state !== "waiting";
  return {
    scenario,
    percent: isReachedKnown(scenario) ? `${Math.floor(reached * 100)} %` : "",
    vus:
      activeVus === undefined || !isBegun
        ? `${formatWhole(vus)} VUs`
        : `${formatWhole(activeVus)} of ${formatWhole(vus)} VUs`,
    pace: paceOf(scenario),
  };
}

/** A runner may not tell of the iterations that end a scenario. */
function isReachedKnown({ iterationsTotal, iterationsEnded }: LiveScenario): boolean {
  return iterationsTotal === undefined || iterationsEnded !== undefined;
}

function paceOf(scenario: LiveScenario): string {
  const {
    state,
    startsInMs,
    iterationsPerSecond: now,
    iterationsEnded,
    iterationsTotal,
  } = scenario;
  const planned = scenario.plannedIterationsPerSecond;
  if (state === "waiting") return `starts in ${formatClock(startsInMs)}`;
  if (state === "done" || state === "cut short") return state;
  if (iterationsTotal !== undefined && iterationsEnded !== undefined)
    return `${formatWhole(iterationsEnded)} of ${formatWhole(iterationsTotal)} it`;
  if (state === "stopping") return state;
  if (now === undefined) return "";
  return planned === undefined
    ? `${formatRate(now)} it/s`
    : `${formatRate(now)} of ${formatRate(planned)} it/s`;
}

interface Widths {
  readonly bar: number;
  /** 0: left out. */
  readonly vus: number;
  readonly pace: number;
}

/** The bar takes what is left; on a narrow terminal first the VUs go, then the pace. */
function fittingWidths(rows: readonly Row[], { width, labelWidth }: ScreenGrid): Widths {
  const vus = widestOf(rows.map((row) => row.vus));
  const pace = widestOf(rows.map((row) => row.pace));
  const room = width - labelWidth - percentWidth - 1;
  const choices: readonly (readonly [number, number])[] = [
    [vus, pace],
    [0, pace],
    [0, 0],
  ];
  for (const [vusWidth, paceWidth] of choices) {
    const taken = [vusWidth, paceWidth].reduce((sum, each) => sum + (each > 0 ? each + gap : 0), 0);
    const bar = Math.min(longestBar, room - taken);
    if (bar >= leastBar) return { bar, vus: vusWidth, pace: paceWidth };
  }
  return { bar: Math.max(0, Math.min(longestBar, room)), vus: 0, pace: 0 };
}

function rowLine({ scenario, percent, vus, pace }: Row, grid: ScreenGrid, widths: Widths): string {
  const { paint, labelWidth, width } = grid;
  const isOver = scenario.state === "done" || scenario.state === "cut short";
  const name = { text: screenText(scenario.name) };
  const spans: Span[] = [
    ...cell(name, labelWidth - gap),
    { text: "  " },
    ...bar(scenario, grid, widths.bar),
    { text: " " },
    ...cell({ text: percent }, percentWidth, "right"),
    ...column({ text: vus, paint: isOver ? paint.faint : undefined }, widths.vus),
    ...column({ text: pace, paint: pacePaint(scenario, grid) }, widths.pace),
  ];
  const { iterationsDropped: dropped } = scenario;
  const note = `  ${formatWhole(dropped)} dropped`;
  if (dropped > 0 && widthOfSpans(spans) + note.length <= width)
    spans.push({ text: note, paint: paint.yellow });
  return renderSpans(spans, width).trimEnd();
}

function column(span: Span, width: number): readonly Span[] {
  return width === 0 ? [] : [{ text: "  " }, ...cell(span, width, "right")];
}

function pacePaint({ state }: LiveScenario, { paint }: ScreenGrid): Span["paint"] {
  if (state === "cut short") return paint.yellow;
  if (state === "done") return paint.green;
  return state === "running" ? undefined : paint.faint;
}

function bar(
  { reached, state }: LiveScenario,
  { glyphs, paint }: ScreenGrid,
  cells: number,
): Span[] {
  const done = doneCells(reached, cells);
  return [
    { text: glyphs.done.repeat(done), paint: state === "done" ? paint.green : paint.cyan },
    { text: glyphs.open.repeat(cells - done), paint: paint.faint },
  ];
}
