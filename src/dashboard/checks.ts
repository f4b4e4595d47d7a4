/** The checks of a run, by group and name as in the record, from the run's own totals. */
import type { AggregateSeries } from "../metrics/index.ts";
import type { RunTotals } from "../outputs/index.ts";
import type { CheckName, CheckRow } from "../page/index.ts";
import { Listing } from "./listing.ts";
import { shownText } from "./shown-text.ts";

const checkLimit = 500;

interface Check {
  readonly id: number;
  readonly series: AggregateSeries[];
}

export class Checks {
  readonly listing: Listing<CheckName, CheckRow> = new Listing(checkLimit);
  passed = 0;
  failed = 0;
  readonly #conceal: (text: string) => string;
  readonly #byKey = new Map<string, Check | undefined>();
  readonly #known = new Set<AggregateSeries>();
  readonly #all: Check[] = [];

  constructor(conceal: (text: string) => string) {
    this.#conceal = conceal;
  }

  read(totals: RunTotals): void {
    const all = totals.seriesOf("checks");
    for (const series of all) this.#learn(series);
    const sum = countsOf(all);
    this.passed = sum.passes;
    this.failed = sum.fails;
    for (const { id, series } of this.#all) {
      const { passes, fails } = countsOf(series);
      this.listing.set(id, [id, passes, fails]);
    }
  }

  #learn(series: AggregateSeries): void {
    if (this.#known.has(series)) return;
    this.#known.add(series);
    const { check = "", group = "" } = series.tags;
    const key = `${group}::${check}`;
    if (!this.#byKey.has(key)) this.#byKey.set(key, this.#create(group, check));
    this.#byKey.get(key)?.series.push(series);
  }

  #create(group: string, check: string): Check | undefined {
    const shown = (text: string): string => shownText(this.#conceal(text));
    const id = this.listing.add({ name: shown(check), group: shown(group) });
    if (id === undefined) return undefined;
    const made: Check = { id, series: [] };
    this.#all.push(made);
    return made;
  }
}

function countsOf(series: readonly AggregateSeries[]): { passes: number; fails: number } {
  let [passes, total] = [0, 0];
  for (const { sink } of series) {
    if (sink.type !== "rate") continue;
    passes += sink.trues;
    total += sink.total;
  }
  return { passes, fails: total - passes };
}
