/**
 * Failed requests by what they failed of, a second each: the first few kinds have a place of their own, all others share
 * the last.
 */
import { type AggregateSeries, failureKind } from "../metrics/index.ts";
import type { RunTotals } from "../outputs/index.ts";
import { errorColumns } from "../page/index.ts";
import { shownText } from "./shown-text.ts";

const exceptionKind = "exception in the script";

export class ErrorKinds {
  /** In the order of first appearance; the last column has no name of its own. */
  readonly names: string[] = [];
  /** Failed requests so far. */
  failed = 0;
  readonly #conceal: (text: string) => string;
  readonly #columnOf = new Map<AggregateSeries, number>();
  #before: number[] = noErrors();

  constructor(conceal: (text: string) => string) {
    this.#conceal = conceal;
  }

  /** What came since the last call, by column. */
  read(totals: RunTotals, iterationsFailed: number): readonly number[] {
    const now = noErrors();
    this.failed = 0;
    for (const series of totals.seriesOf("http_req_failed")) {
      if (series.sink.type !== "rate" || series.sink.trues === 0) continue;
      this.failed += series.sink.trues;
      now[this.#column(series)]! += series.sink.trues;
    }
    if (iterationsFailed > 0) now[this.#columnNamed(exceptionKind)]! += iterationsFailed;
    const since = now.map((count, column) => count - this.#before[column]!);
    this.#before = now;
    return since;
  }

  #column(series: AggregateSeries): number {
    const known = this.#columnOf.get(series);
    if (known !== undefined) return known;
    const column = this.#columnNamed(shownText(this.#conceal(failureKind(series.tags))));
    this.#columnOf.set(series, column);
    return column;
  }

  #columnNamed(kind: string): number {
    const at = this.names.indexOf(kind);
    if (at >= 0) return at;
    return this.names.length < errorColumns ? this.names.push(kind) - 1 : errorColumns;
  }
}

function noErrors(): number[] {
  return Array.from({ length: errorColumns + 1 }, () => 0);
}
