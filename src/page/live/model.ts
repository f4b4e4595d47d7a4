/**
 * What the page knows, and how each event changes it. Plain values, made anew where they change, so that what is drawn
 * from them is drawn again only then. Bounded like the server's: hours do not make it grow.
 */
import {
  type CheckName,
  type CheckRow,
  type EndpointName,
  type EndpointRow,
  errorColumns,
  type HistoryColumn,
  historyColumns,
  type Listed,
  type LogEvent,
  type Row,
  type Snapshot,
  type Update,
} from "./feed.ts";
import { History } from "./history.ts";

export type Connection = "connecting" | "live" | "lost" | "closed";

export interface EndpointLine extends EndpointName {
  readonly id: number;
  readonly requests: number;
  readonly failed: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface CheckLine extends CheckName {
  readonly id: number;
  readonly passes: number;
  readonly fails: number;
}

/** The history by column: what charts take. */
export interface Series {
  readonly timesMs: readonly number[];
  readonly of: (column: HistoryColumn) => readonly (number | null)[];
  /** Of the kinds of errors, in the order of their names; the last is all others. */
  readonly errors: (kind: number) => readonly (number | null)[];
}

export interface Live extends Omit<Snapshot, "history" | "endpoints" | "checks" | "errorKinds"> {
  readonly errorKinds: readonly string[];
  readonly series: Series;
  readonly endpoints: readonly EndpointLine[];
  readonly moreEndpoints: number;
  readonly checks: readonly CheckLine[];
  readonly moreChecks: number;
}

const keptEvents = 300;

/** Takes events in. */
export class Model {
  #live: Live | undefined;
  #history = new History();
  #hasNewRows = false;

  /** What the events come to, put together when it is asked for. Undefined before the first snapshot. */
  get live(): Live | undefined {
    if (this.#hasNewRows && this.#live !== undefined)
      this.#live = { ...this.#live, series: toSeries(this.#history.rows()) };
    this.#hasNewRows = false;
    return this.#live;
  }

  takeSnapshot(snapshot: Snapshot): void {
    const { history, endpoints, checks, ...rest } = snapshot;
    this.#history = new History();
    for (const row of history) this.#history.add(row);
    this.#hasNewRows = false;
    this.#live = {
      ...rest,
      series: toSeries(this.#history.rows()),
      endpoints: withRows([], endpoints, toEndpoint),
      moreEndpoints: endpoints.more,
      checks: withRows([], checks, toCheck),
      moreChecks: checks.more,
    };
  }

  /** An update without a snapshot before it says nothing. */
  takeUpdate({ rows, endpoints, checks, events, ...rest }: Update): void {
    const live = this.#live;
    if (live === undefined) return;
    for (const row of rows ?? []) this.#history.add(row);
    this.#hasNewRows ||= rows !== undefined;
    this.#live = {
      ...live,
      ...rest,
      ...(endpoints === undefined
        ? {}
        : {
            endpoints: withRows(live.endpoints, endpoints, toEndpoint),
            moreEndpoints: endpoints.more,
          }),
      ...(checks === undefined
        ? {}
        : { checks: withRows(live.checks, checks, toCheck), moreChecks: checks.more }),
      ...(events === undefined ? {} : { events: latest(live.events, events) }),
    };
  }
}

function latest(known: readonly LogEvent[], events: readonly LogEvent[]): readonly LogEvent[] {
  return [...known, ...events].slice(-keptEvents);
}

/** `lines[id]` is the line with that id. */
function withRows<Line extends object, N, R extends readonly [number, ...number[]]>(
  lines: readonly Line[],
  { from, names, rows }: Listed<N, R>,
  toLine: (row: R, name: N) => Line,
): readonly Line[] {
  const changed = [...lines];
  const nameOf = (id: number): N => names[id - from] ?? (changed[id] as unknown as N);
  for (const row of rows) changed[row[0]] = toLine(row, nameOf(row[0]));
  return changed;
}

function toEndpoint(row: EndpointRow, { name, method }: EndpointName): EndpointLine {
  const [id, requests, failed, requestsPerSecond, p50Ms, p90Ms, p95Ms, p99Ms, maxMs] = row;
  const latency = { p50Ms, p90Ms, p95Ms, p99Ms, maxMs };
  return { id, name, method, requests, failed, requestsPerSecond, ...latency };
}

function toCheck([id, passes, fails]: CheckRow, { name, group }: CheckName): CheckLine {
  return { id, name, group, passes, fails };
}

/** Columns are read when somebody draws them. */
function toSeries(rows: readonly Row[]): Series {
  const at = (column: number): readonly (number | null)[] => rows.map((row) => row[column] ?? null);
  const known = new Map<number, readonly (number | null)[]>();
  const once = (column: number): readonly (number | null)[] => {
    const values = known.get(column) ?? at(column);
    known.set(column, values);
    return values;
  };
  return {
    timesMs: rows.map((row) => row[0] ?? 0),
    of: (column) => once(historyColumns.indexOf(column)),
    errors: (kind) => once(historyColumns.length + Math.min(kind, errorColumns)),
  };
}
