/** One line that says how a run is going; on a narrow terminal the least important parts go first. */
import { cellWidth, shorten } from "./layout.ts";
import {
  formatClock,
  formatLatency,
  formatPercent,
  formatRate,
  formatWhole,
} from "../base/numbers.ts";
import type { RunProgress } from "./view.ts";

interface Part {
  readonly text: string;
  /** The higher, the sooner it goes. */
  readonly rank: number;
}

/**
 * A line of at most `columns` cells, without colours and line break.
 * @example "01:05 / 05:00  5,000 VUs  444.2 req/s  p95 12.4 ms  errors 0.00 %  left 03:55"
 */
export function renderProgressLine(progress: RunProgress, columns: number): string {
  let parts = progressParts(progress);
  const line = (): string => parts.map(({ text }) => text).join("  ");
  while (parts.length > 1 && cellWidth(line()) > columns) {
    const highest = Math.max(...parts.map(({ rank }) => rank));
    parts = parts.filter(({ rank }) => rank !== highest);
  }
  return shorten(line(), columns);
}

function progressParts(progress: RunProgress): Part[] {
  const { elapsedMs, plannedMs, requestsPerSecond, p95Ms, failedShare, iterationsDropped } =
    progress;
  const isPlanned = plannedMs > 0 && Number.isFinite(plannedMs);
  const elapsed = formatClock(elapsedMs);
  // From the seconds shown, so that both add up to the planned length.
  const leftMs = plannedMs - Math.floor(elapsedMs / 1_000) * 1_000;
  const { generator } = progress;
  const optional = (isThere: boolean, part: Part): Part[] => (isThere ? [part] : []);
  return [
    { text: isPlanned ? `${elapsed} / ${formatClock(plannedMs)}` : elapsed, rank: 0 },
    { text: vus(progress), rank: 4 },
    { text: `${formatRate(requestsPerSecond)} req/s`, rank: 1 },
    { text: `p95 ${formatLatency(p95Ms)}`, rank: 5 },
    { text: `errors ${formatPercent(failedShare)}`, rank: 2 },
    // What the figures of a saturated generator say is nothing: it stays as long as anything does.
    ...optional(generator !== undefined, {
      text: `generator: ${generator}`,
      rank: generator === "saturated" ? 0.5 : 2.5,
    }),
    ...optional(iterationsDropped > 0, {
      text: `dropped ${formatWhole(iterationsDropped)}`,
      rank: 3,
    }),
    ...optional(isPlanned, { text: `left ${formatClock(leftMs)}`, rank: 6 }),
  ];
}

function vus({ activeVus, initializedVus }: RunProgress): string {
  const active = formatWhole(activeVus);
  return activeVus === initializedVus
    ? `${active} VUs`
    : `${active}/${formatWhole(initializedVus)} VUs`;
}
