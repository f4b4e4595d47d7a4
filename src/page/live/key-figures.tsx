/** The figures that everybody looks for first: of the latest second, with those of the whole run beside them. */
import type { JSX } from "preact";
import { formatLatency, formatPercent, formatRate, formatWhole } from "../../base/numbers.ts";
import { type Figure, Figures } from "../components/figures.tsx";
import type { HistoryColumn } from "./feed.ts";
import type { Live } from "./model.ts";
import { tight } from "./wording.ts";

export function KeyFigures({ live }: { readonly live: Live }): JSX.Element {
  const parts = [requests, latency, failures, vus, iterations, checks];
  const figures = parts.map((toFigure) => {
    const { note = "", ...figure } = toFigure(live);
    return { ...figure, note: tight(note) };
  });
  return (
    <section aria-label="key figures" data-testid="key-figures">
      <Figures figures={figures} />
    </section>
  );
}

function latest({ series }: Live, column: HistoryColumn): number | null {
  return series.of(column).at(-1) ?? null;
}

function requests(live: Live): Figure {
  const now = latest(live, "requestsPerSecond");
  const planned = latest(live, "plannedRequestsPerSecond");
  return {
    label: "requests/s",
    value: now === null ? "-" : formatRate(now),
    note: planned === null ? "in the latest second" : `planned ${formatRate(planned)}`,
  };
}

function latency(live: Live): Figure {
  const now = latest(live, "p95Ms");
  const whole = live.status.totals.latency;
  const limit = live.head?.objectives?.latency.find(({ share }) => share === 0.95);
  const isOver = limit !== undefined && now !== null && now > limit.limitMs;
  const soFar = `whole run ${formatLatency(whole?.p95Ms ?? null)}`;
  return {
    label: "p95 latency",
    value: formatLatency(now),
    note: limit === undefined ? soFar : `${soFar}; limit ${formatLatency(limit.limitMs)}`,
    tone: isOver ? "bad" : undefined,
  };
}

function failures(live: Live): Figure {
  const { requests: all, failed } = live.status.totals;
  const allowed = live.head?.objectives?.errorShare ?? null;
  const share = all === 0 ? 0 : failed / all;
  const limit = allowed === null ? "" : `; allowed ${formatPercent(allowed)}`;
  const isOver = allowed === null ? failed > 0 : share > allowed;
  return {
    label: "failed requests",
    value: all === 0 ? "-" : formatPercent(share),
    note: `${formatWhole(failed)} of ${formatWhole(all)}${limit}`,
    tone: isOver ? (allowed === null ? "warning" : "bad") : undefined,
  };
}

function vus({ status: { vus: now } }: Live): Figure {
  return {
    label: "VUs active",
    value: formatWhole(now.active),
    note: `${formatWhole(now.initialized)} initialised`,
  };
}

function iterations({ status: { totals } }: Live): Figure {
  const { iterationsStarted, iterationsDropped, iterationsFailed, iterationsDue } = totals;
  const notes = [
    ...(iterationsDue === null ? [] : [`${formatWhole(iterationsDue)} due`]),
    `${formatWhole(iterationsDropped)} dropped`,
    ...(iterationsFailed === 0 ? [] : [`${formatWhole(iterationsFailed)} failed`]),
  ];
  return {
    label: "iterations started",
    value: formatWhole(iterationsStarted),
    note: notes.join(", "),
    tone: iterationsDropped > 0 || iterationsFailed > 0 ? "warning" : undefined,
  };
}

function checks({ status: { totals } }: Live): Figure {
  const { checksPassed, checksFailed } = totals;
  const all = checksPassed + checksFailed;
  return {
    label: "checks passed",
    value: all === 0 ? "-" : formatPercent(checksPassed / all),
    note:
      all === 0 ? "no checks yet" : `${formatWhole(checksFailed)} of ${formatWhole(all)} failed`,
    tone: checksFailed > 0 ? "warning" : undefined,
  };
}
