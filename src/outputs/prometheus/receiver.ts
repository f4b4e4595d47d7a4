/**
 * The far end: agrees with it on a version of the protocol and on native histograms, gives it rows, and makes of its
 * answers what becomes of them.
 *
 * Agreeing comes before the first rows, and as long as nobody answers it is tried again with them. A 2.0 request without
 * series tells whether the receiver knows 2.0: one that does not may well answer 2xx, but never says what it has written.
 * A histogram of a name of its own tells whether native ones are taken; without the feature Prometheus answers 500, for
 * ever.
 *
 * A request that is turned down for what is in it is turned down as a whole: it is tried once more, then halved until the
 * series is found that is to blame, and all others arrive.
 */
import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/log.ts";
import type { Reception } from "../delivery.ts";
import type { PostAnswer } from "../http-post.ts";
import { judgeAnswer, judgeFailure, type Verdict } from "./answers.ts";
import { describeLabels, TagLabels } from "./labels.ts";
import { toNativeBuckets } from "./native-histogram.ts";
import {
  countSamples,
  floatRow,
  histogramRow,
  RemoteSeries,
  type Row,
  type RowParcel,
} from "./rows.ts";
import { encodeRows, type WireVersion } from "./wire.ts";

/** Sends a body; rejects when there is no answer. */
export type Post = (
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<PostAnswer>;

export interface ReceiverParts {
  readonly post: Post;
  /** Snappy, block format. */
  readonly compress: (body: Uint8Array) => Promise<Uint8Array>;
  /** For messages. */
  readonly description: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Unix milliseconds at which counters began. */
  readonly startMs: number;
  readonly wantsHistograms: boolean;
  /** Of the series that is sent to see whether histograms are taken. */
  readonly probeLabels: Readonly<Record<string, string>>;
}

const versionHeaders = {
  1: {
    "content-type": "application/x-protobuf",
    "x-prometheus-remote-write-version": "0.1.0",
  },
  2: {
    "content-type": "application/x-protobuf;proto=io.prometheus.write.v2.Request",
    "x-prometheus-remote-write-version": "2.0.0",
  },
} as const;

const probeName = "lakh_native_histogram_probe";
/** Requests that the search for what is to blame may take; then the rest of its rows are given up. */
const maxSearchRequests = 60;
/** So often the same 500 in a row may be about what is sent, and not about who answers. */
const stuckTries = 5;
/** A Date header has whole seconds, and was written a moment ago. */
const clockToleranceMs = 5_000;

const taken: Reception = { kind: "taken" };

/** The search for what is to blame for a refusal. */
interface Search {
  requests: number;
  readonly lost: Row[];
  reason: string;
}

export class Receiver {
  readonly #parts: ReceiverParts;
  #version: WireVersion = 2;
  #hasAgreed = false;
  #takesHistograms: boolean | undefined;
  /** It has stored something: what it refuses from now on may pass. */
  #isProven = false;
  #clockOffsetMs: number | undefined;
  #stuck = { rows: undefined as readonly Row[] | undefined, reason: "", tries: 0 };

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
    if (!parts.wantsHistograms) this.#takesHistograms = false;
  }

  /** Undefined until it is known. */
  get takesHistograms(): boolean | undefined {
    return this.#takesHistograms;
  }

  /** Undefined until it is known. */
  get version(): WireVersion | undefined {
    return this.#hasAgreed ? this.#version : undefined;
  }

  /** For `Delivery`. */
  async send({ rows }: RowParcel, signal: AbortSignal): Promise<Reception> {
    if (!this.#hasAgreed) {
      const refusal = await this.#agree(signal);
      if (refusal !== undefined) return refusal;
    }
    return this.#deliver(rows, signal);
  }

  async #agree(signal: AbortSignal): Promise<Reception | undefined> {
    const refusal = await this.#agreeOnVersion(signal);
    if (refusal !== undefined) return refusal;
    if (this.#takesHistograms === undefined) {
      const refusedProbe = await this.#tryHistogram(signal);
      if (refusedProbe !== undefined) return refusedProbe;
    }
    this.#hasAgreed = true;
    return undefined;
  }

  async #agreeOnVersion(signal: AbortSignal): Promise<Reception | undefined> {
    this.#version = 2;
    const asked = await this.#exchange([], signal);
    if (asked.kind === "stored") return undefined;
    this.#version = 1;
    if (asked.kind === "closed") return asked;
    if (asked.kind !== "later") return undefined;
    // There are some that fail over what they do not know.
    const isTaken = isOwnFault(asked) && (await this.#exchange([], signal)).kind === "stored";
    return isTaken ? undefined : asked;
  }

  async #tryHistogram(signal: AbortSignal): Promise<Reception | undefined> {
    const series = new RemoteSeries(
      { name: probeName, tags: new TagLabels(this.#parts.probeLabels) },
      "histogram",
    );
    const nowMs = Math.floor(this.#parts.clock.wallMs());
    const buckets = toNativeBuckets([0, 1]);
    const noBuckets = toNativeBuckets([]);
    const histogram = {
      schema: 0,
      count: 1,
      sum: 1,
      zeroCount: 0,
      positive: buckets,
      negative: noBuckets,
    };
    const point = { timeMs: nowMs - 1, histogram };
    const verdict = await this.#exchange([histogramRow(series, [point])], signal);
    if (verdict.kind === "closed") return verdict;
    if (verdict.kind === "later" && verdict.isOwnFault !== true) return verdict;
    if (verdict.kind !== "stored") {
      this.#goWithoutHistograms("reason" in verdict ? verdict.reason : "it does not know them");
      return undefined;
    }
    this.#takesHistograms = true;
    await this.#exchange([floatRow(series, [{ timeMs: nowMs, value: Number.NaN }])], signal);
    return undefined;
  }

  async #deliver(rows: readonly Row[], signal: AbortSignal): Promise<Reception> {
    const usable = this.#takesHistograms === true ? rows : rows.filter(isOfNumbers);
    if (usable.length === 0) return taken;
    const verdict = await this.#exchange(usable, signal);
    switch (verdict.kind) {
      case "stored":
        return taken;
      case "not-understood":
        this.#version = 1;
        return this.#deliver(rows, signal);
      case "no-histograms":
        // A receiver that says so of mere numbers is not understood, either.
        if (this.#takesHistograms !== true) return { kind: "later", reason: verdict.reason };
        this.#goWithoutHistograms(verdict.reason);
        return this.#deliver(rows, signal);
      case "bad":
        return this.#retryBad(usable, signal);
      case "too-large":
        return this.#search(usable, verdict.reason, signal);
      case "later":
        return verdict.isOwnFault === true && this.#isStuck(rows, verdict.reason)
          ? this.#unstick(usable, verdict, signal)
          : verdict;
      case "closed":
        return verdict;
    }
  }

  /** Once more, as the answer to the first may be about what is no longer so. */
  async #retryBad(rows: readonly Row[], signal: AbortSignal): Promise<Reception> {
    const again = await this.#exchange(rows, signal);
    if (again.kind === "stored") return taken;
    if (again.kind === "bad") return this.#search(rows, again.reason, signal);
    return asReception(again);
  }

  /** Counts the same failures of the same rows. */
  #isStuck(rows: readonly Row[], reason: string): boolean {
    const isSame = this.#stuck.rows === rows && this.#stuck.reason === reason;
    this.#stuck = { rows, reason, tries: isSame ? this.#stuck.tries + 1 : 1 };
    return this.#stuck.tries >= stuckTries;
  }

  /** When it takes a request without rows, the rows are to blame. */
  async #unstick(
    rows: readonly Row[],
    verdict: Extract<Verdict, { kind: "later" }>,
    signal: AbortSignal,
  ): Promise<Reception> {
    const empty = await this.#exchange([], signal);
    return empty.kind === "stored" ? this.#search(rows, verdict.reason, signal) : verdict;
  }

  async #search(rows: readonly Row[], reason: string, signal: AbortSignal): Promise<Reception> {
    const search: Search = { requests: 0, lost: [], reason };
    const reception = await this.#halve(rows, search, signal);
    if (reception.kind !== "taken" || search.lost.length === 0) return reception;
    const first = describeLabels(search.lost[0]!.series);
    const others = search.lost.length > 1 ? ` and ${search.lost.length - 1} other series` : "";
    const told = `${search.reason} (${first}${others})`;
    if (search.lost.length === rows.length) return { kind: "refused", reason: told };
    return { kind: "partly", reason: told, lostSamples: countSamples(search.lost) };
  }

  /** Rows that were turned down together, in two halves. */
  async #halve(rows: readonly Row[], search: Search, signal: AbortSignal): Promise<Reception> {
    if (rows.length === 1 || search.requests >= maxSearchRequests) {
      search.lost.push(...rows);
      return taken;
    }
    const middle = rows.length >> 1;
    for (const half of [rows.slice(0, middle), rows.slice(middle)]) {
      search.requests++;
      const verdict = await this.#exchange(half, signal);
      if (verdict.kind === "stored") continue;
      const isBad = verdict.kind === "bad" || verdict.kind === "too-large" || isOwnFault(verdict);
      if (!isBad) return asReception(verdict);
      search.reason = verdict.reason;
      const reception = await this.#halve(half, search, signal);
      if (reception.kind !== "taken") return reception;
    }
    return taken;
  }

  async #exchange(rows: readonly Row[], signal: AbortSignal): Promise<Verdict> {
    const { clock, compress, post, startMs } = this.#parts;
    const version = this.#version;
    const times = { offsetMs: this.#clockOffsetMs ?? 0, startMs };
    const body = await compress(encodeRows(rows, version, times));
    const sentMs = clock.wallMs();
    let verdict: Verdict;
    try {
      const answer = await post(body, versionHeaders[version], signal);
      const nowMs = clock.wallMs();
      this.#compareClocks(answer.headers.date, (sentMs + nowMs) / 2);
      verdict = judgeAnswer(answer, { version, nowMs });
    } catch (error) {
      verdict = judgeFailure(error);
    }
    if (verdict.kind === "stored") this.#isProven = true;
    // It has been a receiver before: something stands in its place for now.
    if (verdict.kind === "closed" && this.#isProven)
      return { kind: "later", reason: `${verdict.reason}. ${verdict.hint}` };
    return verdict;
  }

  /** A sample from the future keeps everybody else's out of a Prometheus: times are the receiver's. */
  #compareClocks(date: string | undefined, localMs: number): void {
    if (this.#clockOffsetMs !== undefined || date === undefined) return;
    // Half of the second that the header does not tell.
    const offsetMs = Math.round(Date.parse(date) + 500 - localMs);
    if (!Number.isFinite(offsetMs)) return;
    this.#clockOffsetMs = Math.abs(offsetMs) > clockToleranceMs ? offsetMs : 0;
    if (this.#clockOffsetMs === 0) return;
    const { logger, description } = this.#parts;
    const seconds = Math.round(Math.abs(offsetMs) / 1_000);
    const side = offsetMs < 0 ? "behind" : "ahead of";
    logger.log(
      "warning",
      `output ${description}: its clock is ${seconds} s ${side} this machine's; samples are sent with its time. Set both clocks by NTP`,
    );
  }

  #goWithoutHistograms(reason: string): void {
    this.#takesHistograms = false;
    const { logger, description } = this.#parts;
    logger.log(
      "warning",
      `output ${description}: it takes no native histograms (${reason}); trends are sent as gauges only. ` +
        "Start Prometheus with --enable-feature=native-histograms (3.8 and later always take them), or set K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM=false",
    );
  }
}

function isOfNumbers({ histograms }: Row): boolean {
  return histograms.length === 0;
}

function isOwnFault(verdict: Verdict): verdict is Extract<Verdict, { kind: "later" }> {
  return verdict.kind === "later" && verdict.isOwnFault === true;
}

/** What is none for the rows themselves is tried again. */
function asReception(verdict: Verdict): Reception {
  switch (verdict.kind) {
    case "later":
    case "closed":
      return verdict;
    case "stored":
      return taken;
    case "not-understood":
      return { kind: "later", reason: "it no longer takes remote write 2.0" };
    case "bad":
    case "too-large":
    case "no-histograms":
      return { kind: "later", reason: verdict.reason };
  }
}
