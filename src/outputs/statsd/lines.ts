/**
 * Samples as lines of StatsD, with the names of k6's former output: counters `c`, gauges `g`, trends `ms`, a rate as a
 * counter of its values, a check as `check.<name>.pass` and `.fail`. Beside these, so that a share can be had, each rate is
 * two counters more, `.total` and `.nonzero`. In DogStatsD trends are distributions, of which the server makes percentiles.
 *
 * What the server would add up is added up here, once a round; of a gauge the last value counts. Values of trends go one by
 * one, in DogStatsD several in a line.
 */
import type { Samples, SampleSeries } from "../output.ts";
import type { StatsdOptions } from "./options.ts";
import { numberText, safeName, tagSection } from "./text.ts";

/** What becomes of the values of one name with its tags. */
interface Line {
  add(value: number): void;
  /** Hands out what it has held back. */
  finish(): void;
}

/** Between them the values; with them a line has room for at least one. */
interface LineText {
  /** `k6.http_reqs:` */
  readonly head: string;
  /** `|c|#method:GET` */
  readonly tail: string;
}

export interface StatsdLinesParts {
  readonly options: Pick<StatsdOptions, "dialect" | "namespace" | "hasTags" | "blockedTags">;
  /** Bytes of a line at most. */
  readonly maxLineBytes: number;
  readonly onLine: (line: string) => void;
  /** A value that StatsD cannot hold. */
  readonly onUnfit: () => void;
}

export class StatsdLines {
  readonly #parts: StatsdLinesParts;
  readonly #series: (readonly Line[])[] = [];
  /** Series that differ in blocked tags, or in signs that may not be sent, are one line. */
  readonly #lines = new Map<string, Line>();

  constructor(parts: StatsdLinesParts) {
    this.#parts = parts;
  }

  add(samples: Samples, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const series = samples.seriesAt(at);
      const value = samples.valueAt(at);
      for (const line of this.#series[series.index] ?? this.#define(series)) line.add(value);
    }
  }

  /** Hands out all that was added up. */
  finishRound(): void {
    for (const line of this.#lines.values()) line.finish();
  }

  #define(series: SampleSeries): readonly Line[] {
    const made = this.#linesOf(series);
    this.#series[series.index] = made;
    return made;
  }

  #linesOf({ metric, tags }: SampleSeries): Line[] {
    const named = (suffix: string, type: string, make: (text: LineText) => Line): Line =>
      this.#line(`${metric.name}${suffix}`, { type, tags, make });
    const sum = (suffix: string, toAdd: (value: number) => number): Line =>
      named(suffix, "c", (text) => new SumLine(this.#parts, text, toAdd));
    switch (metric.type) {
      case "counter":
        return [sum("", itself)];
      case "gauge":
        return [named("", "g", (text) => new LastLine(this.#parts, text))];
      case "trend":
        return this.#parts.options.dialect === "dogstatsd"
          ? [named("", "d", (text) => new PackedLine(this.#parts, text))]
          : [named("", "ms", (text) => new TimerLine(this.#parts, text))];
      case "rate":
        return [
          sum("", itself),
          sum(".total", () => 1),
          sum(".nonzero", isNonzero),
          ...(metric.name === "checks" ? this.#checkLines(tags) : []),
        ];
    }
  }

  #checkLines(tags: SampleSeries["tags"]): Line[] {
    const name = `check.${safeName(tags["check"] ?? "")}`;
    const counter = (suffix: string, toAdd: (value: number) => number): Line =>
      this.#line(`${name}.${suffix}`, {
        type: "c",
        tags,
        make: (text) => new SumLine(this.#parts, text, toAdd),
      });
    return [counter("pass", isNonzero), counter("fail", (value) => 1 - isNonzero(value))];
  }

  #line(
    name: string,
    {
      type,
      tags,
      make,
    }: {
      readonly type: string;
      readonly tags: SampleSeries["tags"];
      readonly make: (text: LineText) => Line;
    },
  ): Line {
    const { hasTags, blockedTags, namespace } = this.#parts.options;
    const shown = hasTags ? Object.entries(tags).filter(([key]) => !blockedTags.has(key)) : [];
    const head = `${namespace}${name}:`;
    const tail = `|${type}${tagSection(shown, this.#parts.maxLineBytes / 2)}`;
    const identity = head + tail;
    const known = this.#lines.get(identity);
    if (known !== undefined) return known;
    const line = make({ head, tail });
    this.#lines.set(identity, line);
    return line;
  }
}

const itself = (value: number): number => value;
const isNonzero = (value: number): number => (value === 0 ? 0 : 1);

class SumLine implements Line {
  readonly #onLine: (line: string) => void;
  readonly #text: LineText;
  readonly #toAdd: (value: number) => number;
  #sum = 0;
  #isTouched = false;

  constructor({ onLine }: StatsdLinesParts, text: LineText, toAdd: (value: number) => number) {
    this.#onLine = onLine;
    this.#text = text;
    this.#toAdd = toAdd;
  }

  add(value: number): void {
    this.#sum += this.#toAdd(value);
    this.#isTouched = true;
  }

  finish(): void {
    if (!this.#isTouched) return;
    this.#onLine(`${this.#text.head}${numberText(this.#sum)}${this.#text.tail}`);
    this.#sum = 0;
    this.#isTouched = false;
  }
}

class LastLine implements Line {
  readonly #parts: StatsdLinesParts;
  readonly #text: LineText;
  #last: number | undefined;

  constructor(parts: StatsdLinesParts, text: LineText) {
    this.#parts = parts;
    this.#text = text;
  }

  add(value: number): void {
    this.#last = value;
  }

  finish(): void {
    const last = this.#last;
    if (last === undefined) return;
    this.#last = undefined;
    const { head, tail } = this.#text;
    // To StatsD a sign means "so much less than before": from zero it is the value.
    const zero = last < 0 && this.#parts.options.dialect === "statsd" ? `${head}0${tail}\n` : "";
    this.#parts.onLine(`${zero}${head}${numberText(last)}${tail}`);
  }
}

class TimerLine implements Line {
  readonly #parts: StatsdLinesParts;
  readonly #text: LineText;

  constructor(parts: StatsdLinesParts, text: LineText) {
    this.#parts = parts;
    this.#text = text;
  }

  add(value: number): void {
    if (value < 0) this.#parts.onUnfit();
    else this.#parts.onLine(`${this.#text.head}${numberText(value)}${this.#text.tail}`);
  }

  finish(): void {
    // Nothing is held back.
  }
}

class PackedLine implements Line {
  readonly #onLine: (line: string) => void;
  readonly #text: LineText;
  readonly #maxChars: number;
  #values = "";

  constructor({ onLine, maxLineBytes }: StatsdLinesParts, text: LineText) {
    this.#onLine = onLine;
    this.#text = text;
    this.#maxChars = maxLineBytes - Buffer.byteLength(text.head) - Buffer.byteLength(text.tail);
  }

  add(value: number): void {
    const shown = numberText(value);
    if (this.#values.length + 1 + shown.length > this.#maxChars) this.finish();
    this.#values += this.#values === "" ? shown : `:${shown}`;
  }

  finish(): void {
    if (this.#values === "") return;
    this.#onLine(`${this.#text.head}${this.#values}${this.#text.tail}`);
    this.#values = "";
  }
}
