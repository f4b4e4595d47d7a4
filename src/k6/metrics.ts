/**
 * Module `k6/metrics`: Counter, Gauge, Rate, Trend. Declared in the init context, fed in VU code.
 * What `add` takes for a number: reference k6-behaviour 5.2.
 */
import type { Metric, MetricType, Series, TagSet } from "../metrics/index.ts";
import type { VuContext } from "./context.ts";
import { forbidInInit, GoError, requireInit } from "./errors.ts";
import { withCustomTags } from "./tags.ts";

type MetricConstructor = new (name: string, isTime?: boolean) => CustomMetric;

/** Module `k6/metrics`. */
interface MetricsModule {
  readonly Counter: MetricConstructor;
  readonly Gauge: MetricConstructor;
  readonly Rate: MetricConstructor;
  readonly Trend: MetricConstructor;
}

/** Builds module `k6/metrics` for one VU. Bound classes: a constructor per VU, but one hidden class of instances for all. */
export function createMetrics(vu: VuContext): MetricsModule {
  const of = (type: MetricType): MetricConstructor =>
    CustomMetric.bind(null, vu, type) as unknown as MetricConstructor;
  return { Counter: of("counter"), Gauge: of("gauge"), Rate: of("rate"), Trend: of("trend") };
}

/** A metric of the script, in one VU. */
class CustomMetric {
  readonly name: string;
  readonly #vu: VuContext;
  readonly #metric: Metric;
  #lastTags: TagSet | undefined;
  #lastSeries: Series | undefined;

  /** @throws LakhError METRIC_BAD_NAME, METRIC_TYPE_CONFLICT (of the registry) */
  // oxlint-disable-next-line max-params -- the first two are bound, the script gives the others
  constructor(vu: VuContext, type: MetricType, name: unknown, isTime?: unknown) {
    requireInit(vu, "metrics must be declared in the init context");
    this.name = String(name);
    this.#vu = vu;
    this.#metric = vu.registry.define(this.name, type, isTime ? "time" : "default");
  }

  /** Adds a value; false when it is no number (then a warning says so, or it is thrown with the `throw` option). */
  add(value: unknown, tags?: unknown): boolean {
    const vu = this.#vu;
    forbidInInit(vu, "Adding to metrics in the init context is not supported");
    const number = toSampleValue(value);
    if (number === undefined) return this.#refuse(value);
    const all = tags === undefined ? vu.tags : withCustomTags(vu.tags, tags);
    if (vu.interrupted) return true;
    vu.claimSamples();
    this.#seriesOf(all).add(number);
    return true;
  }

  #seriesOf(tags: TagSet): Series {
    if (tags === this.#lastTags) return this.#lastSeries!;
    this.#lastTags = tags;
    this.#lastSeries = this.#vu.series(this.#metric, tags);
    return this.#lastSeries;
  }

  #refuse(value: unknown): false {
    const message =
      `'${describe(value)}' is an invalid value for metric '${this.name}', ` +
      "a number or a boolean value is expected";
    if (this.#vu.options.throwOnFailure) throw new GoError(message);
    this.#vu.logger.log("warning", message);
    return false;
  }
}

/** The number that k6 makes of a value; undefined when it makes none. A truthy value that reads as 0 counts as 1. */
function toSampleValue(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value;
  if (value === null || value === undefined) return undefined;
  if (typeof value === "bigint") throw new TypeError("Cannot convert a BigInt value to a number");
  const number = Number(value);
  if (Number.isNaN(number)) return undefined;
  return number === 0 && Boolean(value) ? 1 : number;
}

function describe(value: unknown): string {
  return typeof value === "symbol" ? value.toString() : String(value);
}
