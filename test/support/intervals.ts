/** What workers record during intervals, as aggregated outputs get it. */
import {
  createTagInterner,
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
    const deltas = this.#stores.map((store, storeId) => ({ storeId, delta: store.drain() }));
    return { endWallMs, deltas };
  }
}
