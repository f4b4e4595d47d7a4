/**
 * Watches how many series a run makes, and which tag makes them: each costs memory here and more of it in Prometheus.
 * The words are k6's; which tag it is, k6 does not say.
 */
import type { Logger } from "../../base/log.ts";

type Tags = Readonly<Record<string, string>>;

/** k6 has 100,000 for the memory of its own; each of these is several series of the receiver. */
const suggestedLimit = 10_000;
/** Different values that are counted of a tag. */
const maxValues = 50_000;
/** What all values become that are too many to be kept apart. */
const otherValue = "(other)";

export class CardinalityWatch {
  readonly #log: (text: string) => void;
  readonly #valuesOf = new Map<string, Set<string>>();
  readonly #seen = new Set<Tags>();
  readonly #collapsed = new Set<string>();
  #warnAt = suggestedLimit;

  constructor(logger: Logger, description: string) {
    this.#log = (text) => logger.log("warning", `output ${description}: ${text}`);
  }

  /** Tags of a new series; equal ones are the same object. */
  add(tags: Tags): void {
    if (this.#seen.has(tags)) return;
    this.#seen.add(tags);
    for (const [name, value] of Object.entries(tags)) this.#count(name, value);
  }

  /** Warns when there are too many, and again each time they have doubled. */
  check(seriesCount: number): void {
    if (seriesCount < this.#warnAt) return;
    while (this.#warnAt <= seriesCount) this.#warnAt *= 2;
    this.#log(
      `The test has generated metrics with ${seriesCount} unique time series, which is higher than the suggested limit of ${suggestedLimit} ` +
        "and could cause high memory usage. Consider not using high-cardinality values like unique IDs as metric tags or, if you need them in the URL, " +
        "use the name metric tag or URL grouping. See https://grafana.com/docs/k6/latest/using-k6/tags-and-groups/ for details. " +
        this.#worst(),
    );
  }

  #count(name: string, value: string): void {
    const values = this.#valuesOf.get(name) ?? new Set();
    this.#valuesOf.set(name, values);
    if (values.size < maxValues) values.add(value);
    if (value !== otherValue || this.#collapsed.has(name)) return;
    this.#collapsed.add(name);
    this.#log(
      `tag ${JSON.stringify(name)} has more values than lakh keeps apart; all further ones are told as ${otherValue}`,
    );
  }

  #worst(): string {
    const counts = [...this.#valuesOf].map(([name, { size }]) => [name, size] as const);
    const most = Math.max(...counts.map(([, size]) => size));
    // `url` and `name` are alike unless a script says otherwise: both are shown then.
    const names = counts.filter(([, size]) => size === most).map(([name]) => JSON.stringify(name));
    return names.length === 1
      ? `The tag with the most different values is ${names[0]} (${most})`
      : `The tags with the most different values are ${names.sort().join(" and ")} (${most} each)`;
  }
}
