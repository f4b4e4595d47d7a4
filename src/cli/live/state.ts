/** From the ticks of a run to what the live view shows: a few last seconds, means over them, the generator's condition. */
import { type GeneratorNow, GeneratorWatch } from "../../judge/index.ts";
import type { LiveScenario, LiveSecond, LiveView } from "../../report/index.ts";
import type { RunDetail, RunTick, ScenarioDetail } from "../../run/index.ts";

/** Wider than any terminal. */
const keptSeconds = 600;
/** Rates are means over this: a slow scenario would jump between 0 and 1. */
const meanMs = 5_000;
/** Of a shorter tick, the last one of a run, a rate means nothing. */
const shortestTickMs = 500;

/** Counts at one moment, to be compared with later ones. */
interface Mark {
  readonly atMs: number;
  readonly requests: number;
  readonly iterations: number;
  readonly byScenario: ReadonlyMap<string, number>;
}

const nothing: Mark = { atMs: 0, requests: 0, iterations: 0, byScenario: new Map() };

export class LiveState {
  readonly #seconds: LiveSecond[] = [];
  #marks: Mark[] = [nothing];
  #requests = 0;
  readonly #watch = new GeneratorWatch();

  /** Takes a tick in; all of a run must come. */
  add(tick: RunTick): LiveView {
    const detail = tick.detail();
    this.#requests += tick.interval.requests;
    this.#addSecond(tick, detail);
    const now: Mark = {
      atMs: tick.elapsedMs,
      requests: this.#requests,
      iterations: tick.counts.iterationsStarted,
      byScenario: new Map(
        detail.scenarios.flatMap(({ name, iterationsEnded }) =>
          iterationsEnded === undefined ? [] : [[name, iterationsEnded]],
        ),
      ),
    };
    const before = this.#marks.find(({ atMs }) => now.atMs - atMs <= meanMs + shortestTickMs);
    this.#marks = [...this.#marks, now].filter(({ atMs }) => now.atMs - atMs <= 2 * meanMs);
    return this.#view(tick, detail, { from: before ?? nothing, to: now });
  }

  #addSecond({ interval }: RunTick, { planned, latencyLimit }: RunDetail): void {
    if (interval.durationMs < shortestTickMs) return;
    this.#seconds.push({
      requestsPerSecond: perSecond(interval.requests, interval.durationMs),
      plannedRequestsPerSecond: planned.requestsPerSecond,
      latencyMs: latencyLimit?.share === 0.99 ? interval.p99Ms : interval.p95Ms,
    });
    if (this.#seconds.length > keptSeconds) this.#seconds.shift();
  }

  #view(tick: RunTick, detail: RunDetail, span: Span): LiveView {
    const { from, to } = span;
    const { counts } = tick;
    const { planned, latencyLimit } = detail;
    const lengthMs = to.atMs - from.atMs;
    const moment = { elapsedMs: tick.elapsedMs, steadyFromMs: detail.steadyFromMs };
    // Where some scenarios follow the clock and others do not, what is due is not all that starts.
    const isDue = detail.scenarios.every((each) => each.plannedIterationsPerSecond !== undefined);
    const scenarios = detail.scenarios.map((each) => toScenario(each, span));
    return {
      phase: detail.phase === "steady" ? "steady state" : "ramp",
      elapsedMs: tick.elapsedMs,
      ...lengthOf(tick, scenarios, detail),
      activeVus: counts.activeVus,
      initializedVus: counts.initializedVus,
      scenarios,
      seconds: this.#seconds,
      requestsPerSecond: perSecond(to.requests - from.requests, lengthMs),
      plannedRequestsPerSecond: planned.requestsPerSecond,
      latencyName: latencyLimit?.share === 0.99 ? "p99" : "p95",
      latencyLimitMs: latencyLimit?.limitMs,
      failedShare: tick.failedShare,
      errorLimit: detail.errorLimit,
      errorKinds: detail.errorKinds,
      iterations: {
        perSecond: perSecond(to.iterations - from.iterations, lengthMs),
        plannedPerSecond: isDue ? planned.iterationsPerSecond : undefined,
        started: counts.iterationsStarted,
        due: isDue ? counts.iterationsDue : undefined,
        dropped: counts.iterationsDropped,
        failed: counts.iterationsFailed,
      },
      generator: toCondition(this.#watch.look(detail.generator, moment), detail),
    };
  }
}

interface Span {
  readonly from: Mark;
  readonly to: Mark;
}

function toScenario(detail: ScenarioDetail, span: Span): LiveScenario {
  return {
    ...detail,
    startsInMs: Math.max(0, detail.startsAtMs - span.to.atMs),
    iterationsPerSecond: rateOf(detail.name, span),
  };
}

/** The clock's, or, where iterations end a scenario, how long the rest of them would take at their pace. */
function lengthOf(
  { elapsedMs, plannedMs }: RunTick,
  scenarios: readonly LiveScenario[],
  detail: RunDetail,
): Pick<LiveView, "plannedMs" | "leftMs"> {
  // From the seconds shown, so that both add up to the planned length.
  const shownMs = Math.floor(elapsedMs / 1_000) * 1_000;
  if (detail.scenarios.every(({ iterationsTotal }) => iterationsTotal === undefined))
    return { plannedMs, leftMs: plannedMs - shownMs };
  const ends = scenarios.map((scenario, index) =>
    leftOf(scenario, detail.scenarios[index]!.endsAtMs - shownMs),
  );
  const isKnown = ends.every((leftMs) => leftMs !== undefined);
  return { plannedMs: undefined, leftMs: isKnown ? Math.max(0, ...ends) : undefined };
}

function leftOf(scenario: LiveScenario, clockMs: number): number | undefined {
  const { state, iterationsTotal: total, iterationsEnded: ended, iterationsPerSecond } = scenario;
  if (state === "done" || state === "cut short") return 0;
  if (total === undefined) return clockMs;
  if (ended === undefined || iterationsPerSecond === undefined || iterationsPerSecond <= 0)
    return undefined;
  return Math.min(clockMs, ((total - ended) * 1_000) / iterationsPerSecond);
}

function rateOf(name: string, { from, to }: Span): number | undefined {
  const ended = to.byScenario.get(name);
  if (ended === undefined) return undefined;
  return perSecond(ended - (from.byScenario.get(name) ?? 0), to.atMs - from.atMs);
}

function perSecond(count: number, durationMs: number): number {
  return durationMs > 0 ? (count * 1_000) / durationMs : 0;
}

function toCondition(
  now: GeneratorNow | undefined,
  { generator }: RunDetail,
): LiveView["generator"] {
  if (now === undefined) return { status: "starting", text: figuresOf(generator) };
  const { status, reason } = now;
  if (status === "healthy") return { status, text: figuresOf(generator) };
  return { status, text: reason || "it tells too little of itself" };
}

/** The last reading in short; what is not known is left out. */
function figuresOf({ generatorHealth, environment }: RunDetail["generator"]): string {
  const last = generatorHealth.at(-1);
  if (last === undefined) return "";
  const { loopUtilization, cpuCores, startLagP99Ms } = last;
  const { cpuCount } = environment;
  return [
    ...(loopUtilization === null ? [] : [`loop ${Math.round(loopUtilization * 100)} %`]),
    ...(cpuCores === null ? [] : [`CPU ${cpuCores.toFixed(1)} of ${cpuCount} cores`]),
    ...(startLagP99Ms === null ? [] : [`start lag p99 ${startLagP99Ms.toFixed(1)} ms`]),
  ].join(", ");
}
