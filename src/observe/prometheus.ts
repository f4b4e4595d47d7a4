/**
 * Readings of the target from a Prometheus that scrapes it: asked before the run whether it has them, and for all of
 * them once, by range queries, when the load has ended. Nothing is asked while load is sent, so that a slow Prometheus
 * disturbs nothing, and what it could not answer for a while is there afterwards.
 *
 * Time: a rate looks back over four scrape intervals (two samples are left even when one scrape fails), which are
 * measured at the series themselves. Each reading says how far it looks back, so that a judge can leave out those that
 * reach into the time before. No reading is later than the newest sample: what was not scraped yet is not known.
 * Both clocks are compared, and the readings moved by what they differ.
 */
import type { Clock } from "../base/clock.ts";
import { LakhError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { formatCount } from "../base/units.ts";
import type { ObservationRecord } from "../record/index.ts";
import type { Observer } from "./observer.ts";
import { askPrometheus, endpointName, observeError, type PromSeries } from "./prometheus-api.ts";
import type { PrometheusReading } from "./prometheus-presets.ts";
import type { PrometheusPlan } from "./prometheus-request.ts";
import { fillQuery, lookBackMs, unitOf } from "./promql.ts";
import { defaultIntervalMs, measureClock, measureScrapes, type PromClock } from "./scrape-times.ts";
import { sourceName } from "./series-name.ts";

/** What asking Prometheus needs. */
export interface PrometheusDeps {
  readonly plan: PrometheusPlan;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Longest wait for one answer; 10 s before the run and 30 s after it when left out. */
  readonly timeoutMs?: number;
  /** Waits between tries after the run. */
  readonly pausesMs?: readonly number[];
}

const checkTimeoutMs = 10_000;
const readTimeoutMs = 30_000;
/** Waits before the second and the third try. */
const defaultPausesMs: readonly number[] = [1_000, 3_000];
/** Parts of a target: more are a selector that is too wide. */
const maxSeries = 100;
/** A run of four hours has a point every 12 s. */
const maxPoints = 1_200;
const intervalsPerWindow = 4;
const minStepMs = 1_000;
/** The start of a machine is computed from its clock, and moves with it. */
const sameStartSeconds = 2;
/** Without these the scorecard has open rows. */
const judged: readonly string[] = ["cpu_cores", "memory_bytes"];

/**
 * Asks each query once, before load is sent. What it finds missing is said: those series may still appear.
 * @throws LakhError OBSERVE_UNREACHABLE, OBSERVE_REFUSED, OBSERVE_QUERY
 */
export async function checkPrometheus(deps: PrometheusDeps): Promise<void> {
  const { plan, clock, logger } = deps;
  const timeoutMs = deps.timeoutMs ?? checkTimeoutMs;
  const promClock = await measureClock(plan.endpoint, clock, timeoutMs);
  warnOfClock(deps, promClock);
  const windowMs = intervalsPerWindow * defaultIntervalMs;
  const atMs = clock.wallMs() + promClock.aheadMs;
  const answers = await Promise.all(
    plan.readings.map(async (reading) => {
      const query = fillQuery(reading.query, { selector: plan.selector, windowMs });
      return askPrometheus(plan.endpoint, "query", { query, time: atMs / 1_000, timeoutMs });
    }),
  );
  for (const [index, series] of answers.entries()) {
    const reading = plan.readings[index]!;
    if (series.length > maxSeries) throw tooMany(deps, reading, series.length);
    if (series.length === 0) sayMissing(deps, reading);
  }
  logger.log("debug", `Prometheus at ${endpointName(plan.endpoint)} answers`);
}

/** Asks for the readings of the run when it is stopped. */
export function createPrometheusObserver(
  deps: PrometheusDeps & { readonly startWallMs: () => number | undefined },
): Observer {
  return {
    latest: () => [],
    async stop() {
      const startWallMs = deps.startWallMs();
      if (startWallMs === undefined) return [];
      const run = { startWallMs, endWallMs: deps.clock.wallMs() };
      return withTries(deps, () => readRun(deps, run));
    },
  };
}

interface RunTime {
  readonly startWallMs: number;
  readonly endWallMs: number;
}

/** Never rejects: a run is not lost because its readings are. */
async function withTries(
  deps: PrometheusDeps,
  read: () => Promise<ObservationRecord[]>,
): Promise<ObservationRecord[]> {
  const pausesMs = [...(deps.pausesMs ?? defaultPausesMs)];
  for (;;) {
    try {
      return await read();
    } catch (error) {
      const isWorthTrying = error instanceof LakhError && error.code === "OBSERVE_UNREACHABLE";
      const pauseMs = isWorthTrying ? pausesMs.shift() : undefined;
      if (pauseMs === undefined) {
        sayLost(deps, error);
        return [];
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

async function readRun(deps: PrometheusDeps, run: RunTime): Promise<ObservationRecord[]> {
  const { plan, clock } = deps;
  const timeoutMs = deps.timeoutMs ?? readTimeoutMs;
  const promClock = await measureClock(plan.endpoint, clock, timeoutMs);
  warnOfClock(deps, promClock);
  const endMs = run.endWallMs + promClock.aheadMs;
  const scrapes = await measureScrapes(plan, { atMs: endMs, timeoutMs });
  const stepMs = Math.max(
    minStepMs,
    scrapes.intervalMs,
    (run.endWallMs - run.startWallMs) / maxPoints,
  );
  const asked = {
    startMs: run.startWallMs + promClock.aheadMs,
    endMs: Math.min(endMs, scrapes.newestMs ?? endMs),
    stepMs,
    windowMs: Math.max(intervalsPerWindow * scrapes.intervalMs, stepMs),
    timeoutMs,
  };
  const records = await Promise.all(plan.readings.map((each) => readRange(deps, each, asked)));
  return records.flat();
}

interface Asked {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly windowMs: number;
  readonly timeoutMs: number;
}

async function readRange(
  deps: PrometheusDeps,
  reading: PrometheusReading,
  { startMs, endMs, stepMs, windowMs, timeoutMs }: Asked,
): Promise<ObservationRecord[]> {
  const { plan } = deps;
  const query = fillQuery(reading.query, { selector: plan.selector, windowMs });
  const found =
    endMs < startMs
      ? []
      : await askPrometheus(plan.endpoint, "query_range", {
          query,
          start: startMs / 1_000,
          end: endMs / 1_000,
          step: stepMs / 1_000,
          timeoutMs,
        });
  const series = found.filter(({ points }) => points.length > 0);
  if (series.length === 0) sayMissing(deps, reading);
  if (series.length > maxSeries) throw tooMany(deps, reading, series.length);
  const lookBack = lookBackMs(query);
  return series.map(({ labels, points }) => ({
    name: reading.name,
    unit: unitOf(reading.name),
    source: sourceName(labels, endpointName(plan.endpoint)),
    partOf: endpointName(plan.endpoint),
    ...(lookBack === 0 ? {} : { windowMs: lookBack }),
    points: counted(reading, points).map(([wallMs, value]) => [
      Math.round(wallMs - startMs),
      value,
    ]),
  }));
}

/** A count begins at 0 with the run. A total that fell began anew. */
function counted(
  { counted: kind }: PrometheusReading,
  points: PromSeries["points"],
): PromSeries["points"] {
  if (kind === undefined) return points;
  let count = 0;
  return points.map(([wallMs, value], index) => {
    const before = points[index - 1]?.[1] ?? value;
    if (kind === "changes") count += Math.abs(value - before) > sameStartSeconds ? 1 : 0;
    else count += value < before ? value : value - before;
    return [wallMs, count];
  });
}

function warnOfClock({ plan, logger }: PrometheusDeps, { aheadMs }: PromClock): void {
  if (aheadMs === 0) return;
  const seconds = formatCount(Math.abs(aheadMs) / 1_000);
  const side = aheadMs > 0 ? "ahead of" : "behind";
  logger.log(
    "warning",
    `the clock of Prometheus at ${endpointName(plan.endpoint)} is ${seconds} s ${side} this machine's; its readings are moved by that`,
    { hint: "let both take their time from NTP" },
  );
}

function sayMissing({ plan, logger }: PrometheusDeps, { name, query }: PrometheusReading): void {
  const isNeeded = judged.includes(name);
  const asked = query.replaceAll("$selector", plan.selector);
  logger.log(
    isNeeded ? "warning" : "info",
    `no series for ${name} in Prometheus at ${endpointName(plan.endpoint)}: ${asked}`,
    {
      hint: isNeeded
        ? "check the selector and the preset; without it there is no PASS"
        : "check the selector if the target has it",
    },
  );
}

function sayLost({ plan, logger }: PrometheusDeps, thrown: unknown): void {
  const message =
    thrown instanceof LakhError
      ? thrown.message
      : `Prometheus at ${endpointName(plan.endpoint)} cannot be read: ${String(thrown)}`;
  const hint = thrown instanceof LakhError ? `${thrown.hint}; ` : "";
  logger.log("warning", message, { hint: `${hint}its readings will be missing from the record` });
}

function tooMany({ plan }: PrometheusDeps, { name }: PrometheusReading, count: number): LakhError {
  return observeError(
    "OBSERVE_QUERY",
    `${name} matches ${formatCount(count)} series in Prometheus at ${endpointName(plan.endpoint)}; a target has at most ${maxSeries} parts here`,
    { hint: "narrow the selector, or aggregate in a query of your own (--observe-query)" },
  );
}
