/**
 * From daily active users to the load of the busiest moment, with every step of the arithmetic for people to check.
 *
 * Rate: D users * r requests a day * share of the day's traffic in the peak window / window, times peak over average,
 * times growth. Concurrency: a share of D, or Little's law on sessions or think times when they are known. Growth means
 * more users, so it scales both. All factors are linear: 10 % more of any of them is 10 % more load.
 * Sources: Little 1961; Schroeder, Wierman, Harchol-Balter 2006; the guide's target table, whose 400-500 requests/s for
 * 277.8 on average hold an unstated factor of 1.44 to 1.8 (here `peakToAverage`, stated).
 */
import { concurrencyOf } from "./concurrency.ts";
import {
  type DemandAssumption,
  type DemandInput,
  type DemandOrigins,
  resolveInputs,
} from "./demand-inputs.ts";

/** One line of the arithmetic. */
export interface PlanStep {
  readonly quantity: string;
  readonly formula: string;
  readonly value: number;
  readonly unit: string;
}

/** Users who come, do something, and leave. */
export interface SessionDemand {
  /** A: sessions that begin in a second of the busiest moment. */
  readonly arrivalsPerSecond: number;
  readonly requestsPerSession: number;
  readonly sessionSeconds: number;
}

/** The load of the busiest moment. */
export interface Demand {
  readonly dau: number;
  readonly inputs: readonly DemandAssumption[];
  readonly meanRatePerSecond: number;
  /** The design rate: what the target must carry. */
  readonly ratePerSecond: number;
  /** Users there at the same moment. */
  readonly peakUsers: number;
  /** Mean time between two requests of one user at the peak. */
  readonly secondsPerRequest: number;
  /** Null when nothing is known of sessions. */
  readonly sessions: SessionDemand | null;
  readonly steps: readonly PlanStep[];
}

/**
 * The peak load of `input.dau` users. `origins` says where inputs come from, for the steps to tell.
 * @throws PLAN_DEMAND_INVALID, PLAN_DEMAND_INCONSISTENT
 * @example computeDemand({ dau: 100_000 }) // 444.4 requests/s, 5,000 users
 */
export function computeDemand(input: DemandInput, origins: DemandOrigins = {}): Demand {
  const inputs = resolveInputs(input, origins);
  const known = (name: keyof DemandInput): number | undefined =>
    inputs.find((each) => each.name === name)?.value;
  const value = (name: keyof DemandInput): number => known(name)!;
  const users = value("dau") * value("growth");
  const requestsPerDay = users * value("requestsPerUserPerDay");
  const windowSeconds = value("peakWindowHours") * 3_600;
  const meanRatePerSecond = (requestsPerDay * value("peakWindowShare")) / windowSeconds;
  const ratePerSecond = meanRatePerSecond * value("peakToAverage");
  const concurrency = concurrencyOf({ users, ratePerSecond, input: known });
  const peakUsers = concurrency.value;
  const figures = { requestsPerDay, meanRatePerSecond, ratePerSecond, peakUsers };
  const sessions = sessionsOf(figures, known);
  return {
    dau: input.dau,
    inputs,
    meanRatePerSecond,
    ratePerSecond,
    peakUsers,
    secondsPerRequest: peakUsers / ratePerSecond,
    sessions,
    steps: [
      ...inputs.map(({ meaning, formula, value: used, unit }) => ({
        quantity: meaning,
        formula,
        value: used,
        unit,
      })),
      ...rateSteps(figures, concurrency.formula, known("thinkTimeSeconds") === undefined),
      ...sessionSteps(sessions, known("sessionSeconds") === undefined),
    ],
  };
}

/**
 * The inverse: how many daily users a sustainable rate carries, under the same assumptions (`dau` is not read).
 * @throws PLAN_DEMAND_INVALID
 */
export function dauFor(ratePerSecond: number, input: Omit<DemandInput, "dau"> = {}): number {
  return ratePerSecond / computeDemand({ ...withoutConcurrency(input), dau: 1 }).ratePerSecond;
}

/** Concurrent users as a number of people. Rounded, not raised: 7 % of 100,000 is 7000.000000000001 in binary. */
export function wholeUsers({ peakUsers }: Pick<Demand, "peakUsers">): number {
  return Math.max(1, Math.round(peakUsers));
}

interface Figures {
  readonly requestsPerDay: number;
  readonly meanRatePerSecond: number;
  readonly ratePerSecond: number;
  readonly peakUsers: number;
}

/** A = L / q; a session that nobody timed lasts as long as the concurrency says: S = N / A. */
function sessionsOf(
  { ratePerSecond, peakUsers }: Figures,
  known: (name: keyof DemandInput) => number | undefined,
): SessionDemand | null {
  const requestsPerSession = known("requestsPerSession");
  if (requestsPerSession === undefined) return null;
  const arrivalsPerSecond = ratePerSecond / requestsPerSession;
  const sessionSeconds = known("sessionSeconds") ?? peakUsers / arrivalsPerSecond;
  return { arrivalsPerSecond, requestsPerSession, sessionSeconds };
}

const formulas = {
  perDay: "daily users * growth * requests per user and day",
  mean: "requests per day * share in the peak window / (window hours * 3600)",
  peak: "mean rate in the peak window * peak over average",
  pace: "concurrent users / peak rate",
  arrivals: "peak rate / requests per session",
  session: "concurrent users / sessions that begin at the peak",
} as const;

function rateSteps(
  { requestsPerDay, meanRatePerSecond, ratePerSecond, peakUsers }: Figures,
  concurrencyFormula: string,
  withPace: boolean,
): PlanStep[] {
  const pace = {
    quantity: "time between two requests of one user",
    formula: formulas.pace,
    value: peakUsers / ratePerSecond,
    unit: "s",
  };
  return [
    {
      quantity: "requests per day",
      formula: formulas.perDay,
      value: requestsPerDay,
      unit: "requests",
    },
    {
      quantity: "mean rate in the peak window",
      formula: formulas.mean,
      value: meanRatePerSecond,
      unit: "requests/s",
    },
    { quantity: "peak rate", formula: formulas.peak, value: ratePerSecond, unit: "requests/s" },
    {
      quantity: "concurrent users at the peak",
      formula: concurrencyFormula,
      value: peakUsers,
      unit: "users",
    },
    ...(withPace ? [pace] : []),
  ];
}

function sessionSteps(sessions: SessionDemand | null, withLength: boolean): PlanStep[] {
  if (sessions === null) return [];
  const length = {
    quantity: "length of a session",
    formula: formulas.session,
    value: sessions.sessionSeconds,
    unit: "s",
  };
  return [
    {
      quantity: "sessions that begin at the peak",
      formula: formulas.arrivals,
      value: sessions.arrivalsPerSecond,
      unit: "sessions/s",
    },
    ...(withLength ? [length] : []),
  ];
}

/** What says how many are there at once; the rate, which the inverse is about, does not read it. */
function withoutConcurrency(input: Omit<DemandInput, "dau">): Omit<DemandInput, "dau"> {
  return {
    ...input,
    concurrencyShare: undefined,
    sessionSeconds: undefined,
    thinkTimeSeconds: undefined,
  };
}
