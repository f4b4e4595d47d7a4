/**
 * What a worker keeps of its exchanges: the slowest of each endpoint, in the steady state and outside of it, and the first
 * failed ones of each kind. The module that sends compares a number; what is here runs for the few that are kept.
 *
 * Memory: at most 3 x 30 + 10 slow and 2 x 50 failed exchanges, each with 2 KB of either body: under 1.5 MB a worker.
 */
import type {
  ExchangeKeeper,
  ExchangeSender,
  FailureKind,
  OfferedExchange,
  SlowWatch,
} from "../../k6/index.ts";
import {
  cutText,
  exchangeCounts,
  exchangeLimits,
  type ExchangeParcel,
  type ExchangeRules,
  type FailureParcel,
} from "../kept-exchange.ts";
import { type FailureKey, FailureKinds, type KindOfFailure } from "./failure-kinds.ts";
import { copyExchange, type ExchangeMoment, type RawExchange, toKept } from "./raw-exchange.ts";
import { SlowSelection } from "./slow-selection.ts";

/** Masking an exchange takes up to a millisecond, in which no other answer is read: while load is sent, few at a time. */
const samplesATick = 2;

export class WorkerExchanges implements ExchangeKeeper {
  readonly #rules: ExchangeRules;
  readonly #elapsedMs: () => number;
  readonly #outside = new SlowSelection<RawExchange>({
    each: exchangeCounts.slowestEachOutside,
    endpoints: exchangeCounts.slowestOutside,
  });
  readonly #steady = new SlowSelection<RawExchange>({
    each: exchangeCounts.slowestEach,
    endpoints: exchangeCounts.slowest,
  });
  readonly #failures = new FailureKinds<RawExchange>({
    kinds: exchangeCounts.failureKinds,
    furtherKinds: exchangeCounts.furtherFailureKinds,
    each: exchangeCounts.failuresEach,
  });
  #isSteady = false;
  #timers: NodeJS.Timeout[] = [];

  /** @param elapsedMs milliseconds since the start of the run */
  constructor(rules: ExchangeRules, elapsedMs: () => number) {
    this.#rules = rules;
    this.#elapsedMs = elapsedMs;
    this.#outside.setActive(true);
  }

  /** The scenarios begin; `untilStartMs` is what is left until time 0. */
  begin(untilStartMs: number): void {
    const { fromMs, toMs } = this.#rules.steady;
    this.#at(untilStartMs + fromMs, true);
    if (Number.isFinite(toMs)) this.#at(untilStartMs + toMs, false);
  }

  /** The scenarios are over. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#setSteady(false);
  }

  watch(method: string, name: string): SlowWatch {
    return this.#selection.watch(keyOf(method, name));
  }

  failureKind(key: FailureKey): FailureKind {
    return this.#failures.of(key);
  }

  offer(sender: ExchangeSender, offered: OfferedExchange): SlowWatch {
    const { exchange, name, failure } = offered;
    const { phase } = sender;
    const selection = this.#selection;
    const key = keyOf(exchange.method, name);
    if (phase === "setup" || phase === "iteration" || phase === "teardown") {
      let copy: RawExchange | undefined;
      const make = (): RawExchange =>
        (copy ??= copyExchange(sender, offered, this.#momentOf(sender, offered, phase)));
      selection.offer(key, exchange.timings.duration, make);
      if (failure !== undefined && failure.wanted > 0)
        (failure as KindOfFailure<RawExchange>).keep(make());
    }
    return selection.watch(key);
  }

  /** Failures since the last call, with a few of their exchanges; undefined when there were none. */
  takeFailures(): ExchangeParcel | undefined {
    const failures = this.#takeFailures(samplesATick);
    return failures.length === 0 ? undefined : { failures, slowest: undefined };
  }

  /** Everything that was not handed over yet. */
  takeAll(): ExchangeParcel {
    const slow = [this.#steady, this.#outside].flatMap((selection) => selection.entries());
    return {
      failures: this.#takeFailures(Infinity),
      slowest: slow.map(({ item }) => toKept(item)),
    };
  }

  #takeFailures(most: number): FailureParcel[] {
    const failures: FailureParcel[] = [];
    let left = most;
    for (const kind of this.#failures.all()) {
      const taken = kind.take(left);
      if (taken === undefined) continue;
      const { count, kept } = taken;
      left -= kept.length;
      failures.push({ ...nameOf(kind.key), count, samples: kept.map(toKept) });
    }
    return failures;
  }

  get #selection(): SlowSelection<RawExchange> {
    return this.#isSteady ? this.#steady : this.#outside;
  }

  #momentOf(
    { clock, dueAtMs }: ExchangeSender,
    { exchange: { timings }, endedAgoMs }: OfferedExchange,
    phase: ExchangeMoment["phase"],
  ): ExchangeMoment {
    const nowMs = this.#elapsedMs();
    const beganAgoMs = endedAgoMs + timings.blocked + timings.duration;
    return {
      atMs: phase === "setup" ? null : Math.max(0, nowMs - beganAgoMs),
      dueAtMs: dueAtMs === undefined ? null : Math.max(0, nowMs - (clock.nowMs() - dueAtMs)),
      phase,
      isSteady: this.#isSteady,
    };
  }

  #at(delayMs: number, isSteady: boolean): void {
    if (delayMs <= 0) {
      this.#setSteady(isSteady);
      return;
    }
    this.#timers.push(setTimeout(() => this.#setSteady(isSteady), delayMs));
  }

  #setSteady(isSteady: boolean): void {
    this.#isSteady = isSteady;
    this.#steady.setActive(isSteady);
    this.#outside.setActive(!isSteady);
  }
}

/** The texts of a script may be of any length. */
function nameOf({
  method,
  name,
  status,
  errorCode,
}: FailureKey): Omit<FailureParcel, "count" | "samples"> {
  return {
    method: cutText(method, exchangeLimits.nameCharacters),
    name: name === null ? null : cutText(name, exchangeLimits.nameCharacters),
    status,
    errorCode,
  };
}

function keyOf(method: string, name: string): string {
  return `${method} ${name}`;
}
