/**
 * Module `k6/metrics`: Counter, Gauge, Rate, Trend. Declared in the init context, fed in VU code.
 * What `add` takes for a number: reference k6-behaviour 5.2.
 */
import { LakhError } from "../base/errors.ts";
import type { Metric, MetricType, Series, TagSet } from "../metrics/index.ts";
import type { VuContext } from "./context.ts";
import { forbidInInit, GoError, requireInit } from "./errors.ts";
import { withCustomTags } from "./tags.ts";
import { textOf } from "./text.ts";

type MetricConstructor = new (name: string, isTime?: boolean) => CustomMetric;

/** Module `k6/metrics`. */
interface MetricsModule {
  readonly Counter: MetricConstructor;
  readonly Gauge: MetricConstructor;
  readonly Rate: MetricConstructor;
  readonly Trend: MetricConstructor;
}

/** Builds module `k6/metrics` for one VU. */
export function createMetrics(vu: VuContext): MetricsModule {
  const construction = new MetricConstruction(vu);
  const { counter, gauge, rate, trend } = constructors;
  return {
    Counter: new Proxy(counter, construction),
    Gauge: new Proxy(gauge, construction),
    Rate: new Proxy(rate, construction),
    Trend: new Proxy(trend, construction),
  };
}

/** As in k6 the constructors work without `new`, and what they make is no instance of them. */
type SharedConstructor = MetricConstructor & { readonly metricType: MetricType };

function constructorOf(metricType: MetricType): SharedConstructor {
  const name = metricType[0]!.toUpperCase() + metricType.slice(1);
  const construct = function (): void {} as unknown as SharedConstructor;
  return Object.defineProperties(construct, {
    name: { value: name },
    metricType: { value: metricType },
  });
}

/** For all VUs of a thread. */
const constructors = {
  counter: constructorOf("counter"),
  gauge: constructorOf("gauge"),
  rate: constructorOf("rate"),
  trend: constructorOf("trend"),
};

/**
 * What makes one VU's constructors of the shared ones. Four functions of its own cost a VU 1.6 KB: each that `new` has called
 * has a hidden class and a prototype.
 */
class MetricConstruction implements ProxyHandler<SharedConstructor> {
  readonly #vu: VuContext;

  constructor(vu: VuContext) {
    this.#vu = vu;
  }

  apply(shared: SharedConstructor, _: unknown, [name, isTime]: unknown[]): CustomMetric {
    return new CustomMetric(this.#vu, shared.metricType, { name, isTime });
  }

  construct(shared: SharedConstructor, args: unknown[]): CustomMetric {
    return this.apply(shared, undefined, args);
  }

  /** A property written to one is lost, as in k6. */
  set(): boolean {
    return true;
  }
}

/** A metric of the script, in one VU. */
class CustomMetric {
  readonly name: string;
  /** Adds a value; false when it is no number (then a warning says so, or it is thrown with the `throw` option). */
  readonly add: (value: unknown, tags?: unknown) => boolean;
  readonly #vu: VuContext;
  readonly #metric: Metric;
  #lastTags: TagSet | undefined;
  #lastSeries: Series | undefined;

  constructor(vu: VuContext, type: MetricType, given: { name: unknown; isTime: unknown }) {
    requireInit(vu, "metrics must be declared in the init context");
    const { name, isTime } = given;
    this.name = name === undefined || name === null ? "" : textOf(name);
    this.#vu = vu;
    this.#metric = define(vu, type, { name: this.name, isTime: Boolean(isTime) });
    // An own property, which scripts see; bound, because a closure and its context are twice as large.
    this.add = this.#add.bind(this);
  }

  /** The number of arguments alone tells whether a value was given. */
  #add(value: unknown, tags?: unknown): boolean {
    const vu = this.#vu;
    forbidInInit(vu, "Adding to metrics in the init context is not supported");
    const number = toSampleValue(value);
    if (number === undefined) return this.#refuse(value, arguments.length === 0);
    const all = tags === undefined ? vu.tags : this.#withTags(tags);
    if (vu.interrupted) return true;
    vu.claimSamples();
    this.#seriesOf(all).add(number);
    return true;
  }

  #withTags(tags: unknown): TagSet {
    try {
      return withCustomTags(this.#vu.tags, tags);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      throw new GoError(`cannot add tags for the '${this.name}' custom metric: ${error.message}`);
    }
  }

  #seriesOf(tags: TagSet): Series {
    if (tags === this.#lastTags) return this.#lastSeries!;
    this.#lastTags = tags;
    this.#lastSeries = this.#vu.series(this.#metric, tags);
    return this.#lastSeries;
  }

  #refuse(value: unknown, isMissing: boolean): false {
    const what = isMissing
      ? `no value was provided for metric '${this.name}'`
      : `'${describe(value)}' is an invalid value for metric '${this.name}'`;
    const message = `${what}, a number or a boolean value is expected`;
    if (this.#vu.options.throwOnFailure) throw new GoError(message);
    this.#vu.logger.log("warning", message);
    return false;
  }
}

/** What the registry refuses, scripts see as k6's error. */
function define(
  { registry }: VuContext,
  type: MetricType,
  { name, isTime }: { name: string; isTime: boolean },
): Metric {
  try {
    return registry.define(name, type, isTime ? "time" : "default");
  } catch (error) {
    if (error instanceof LakhError) throw new GoError(error.message);
    throw error;
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
