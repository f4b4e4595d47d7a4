/**
 * What k6's end-of-test text shows beyond handleSummary's data: every check in the order in which it was first seen and,
 * in full mode, the figures of each group and each scenario. All of it is read off the tags of the series when a run is
 * over, so nothing more is kept while it goes on.
 *
 * As k6 2.2 does: samples of the scenario "default", and of none, make the groups of the run; the groups of other scenarios
 * stand in theirs. A group has the samples that carry exactly its path, a scenario all of its own. What setup() and
 * teardown() record outside any group of theirs belongs to no group.
 */
import type { AggregateSeries, MetricAggregate } from "./aggregate.ts";
import { createSink, mergeSinks, type Sink, type ValueOptions } from "./sinks.ts";
import type { SummaryMetric } from "./summary.ts";

/** A check with its results in some part of a run. */
export interface CheckCounts {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** The figures of a part of a run. */
export interface SummarySection {
  readonly name: string;
  readonly checks: readonly CheckCounts[];
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
  readonly groups: readonly SummarySection[];
}

export interface SummaryDetails {
  /** Of the whole run, known by name alone. */
  readonly checks: readonly CheckCounts[];
  /** Outside of named scenarios. */
  readonly groups: readonly SummarySection[];
  /** Without "default"; sorted by name. */
  readonly scenarios: readonly SummarySection[];
}

/** Separates the names in a group's path. */
const separator = "::";

const lifecyclePaths: ReadonlySet<string> = new Set(["::setup", "::teardown"]);

/** The parts of a run; without `withSections` only the list of checks. */
export function toSummaryDetails(
  aggregate: MetricAggregate,
  { withSections, ...values }: ValueOptions & { readonly withSections: boolean },
): SummaryDetails {
  const whole = new SectionBuilder("");
  const scenarios = new Map<string, SectionBuilder>();
  for (const series of aggregate.allSeries()) {
    whole.addCheck(series);
    if (!withSections) continue;
    const scenario = series.tags["scenario"] ?? "default";
    const section = scenarios.get(scenario) ?? new SectionBuilder(scenario);
    scenarios.set(scenario, section);
    section.add(series);
    section.addCheck(series);
    const path = series.tags["group"] ?? "";
    if (path === "" || lifecyclePaths.has(path)) continue;
    const group = section.group(path);
    group.add(series);
    group.addCheck(series);
  }
  const named = [...scenarios.values()].filter(({ name }) => name !== "default");
  return {
    checks: whole.build(values).checks,
    groups: scenarios.get("default")?.build(values).groups ?? [],
    scenarios: named.sort(byName).map((section) => section.build(values)),
  };
}

class SectionBuilder {
  readonly name: string;
  readonly #groups = new Map<string, SectionBuilder>();
  readonly #metrics = new Map<string, Pick<SummaryMetric, "type" | "contains"> & { sink: Sink }>();
  readonly #checks = new Map<string, { name: string; passes: number; fails: number }>();

  constructor(name: string) {
    this.name = name;
  }

  add({ metric, sink }: AggregateSeries): void {
    const { name, type, contains } = metric;
    const known = this.#metrics.get(name) ?? { type, contains, sink: createSink(type) };
    this.#metrics.set(name, known);
    mergeSinks(known.sink, sink);
  }

  addCheck({ metric, tags, sink }: AggregateSeries): void {
    const name = tags["check"];
    if (metric.name !== "checks" || name === undefined || sink.type !== "rate") return;
    const known = this.#checks.get(name) ?? { name, passes: 0, fails: 0 };
    this.#checks.set(name, known);
    known.passes += sink.trues;
    known.fails += sink.total - sink.trues;
  }

  /** The group of a path below this one, made with those that it lies in. */
  group(path: string): SectionBuilder {
    const [, ...names] = path.split(separator);
    // A path from a script's own `group` tag may be anything: without the separator it is one name.
    return (names.length === 0 ? [path] : names).reduce<SectionBuilder>(
      (parent, name) => parent.#child(name),
      this,
    );
  }

  build(values: ValueOptions): SummarySection {
    const metrics = [...this.#metrics].map(([name, { sink, ...kind }]) => [
      name,
      { ...kind, values: sink.values(values) },
    ]);
    return {
      name: this.name,
      checks: [...this.#checks.values()],
      metrics: Object.fromEntries(metrics) as Record<string, SummaryMetric>,
      groups: [...this.#groups.values()].map((group) => group.build(values)),
    };
  }

  #child(name: string): SectionBuilder {
    const known = this.#groups.get(name) ?? new SectionBuilder(name);
    this.#groups.set(name, known);
    return known;
  }
}

/** As k6 sorts names: letters before their case. */
function byName({ name: a }: { name: string }, { name: b }: { name: string }): number {
  return a.localeCompare(b, "en");
}
