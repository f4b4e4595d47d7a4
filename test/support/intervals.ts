/** What workers record during intervals, summed up as aggregated outputs get it. */
import {
  createTagInterner,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
  withTags,
} from "../../src/metrics/index.ts";
import type { Interval } from "../../src/outputs/index.ts";

/** Workers with stores of their own; `interval` takes what all of them recorded. */
export class IntervalBench {
  readonly registry: MetricRegistry = new MetricRegistry();
  readonly #tags = createTagInterner();
  readonly #stores: SampleStore[] = [];
  readonly #totals = new MetricAggregate(this.registry);

  add(
    metric: string,
    value: number,
    tags: Readonly<Record<string, string>> = {},
    worker = 0,
  ): void {
    const store = (this.#stores[worker] ??= new SampleStore(this.registry));
    store.series(this.registry.get(metric)!, withTags(this.#tags, tags)).add(value);
  }

  interval(endWallMs: number): Interval {
    for (const [storeId, store] of this.#stores.entries())
      this.#totals.merge(store.drain(), storeId);
    return { endWallMs, totals: this.#totals };
  }
}
