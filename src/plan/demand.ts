/**
 * From daily active users to the load of the busiest moment, with every step of the arithmetic for people to check.
 *
 * Rate: D users * r requests a day * share of the day's traffic in the peak window / window, times peak over average,
 * times growth. Concurrency: a share of D, or Little's law N = A * S on sessions when they are known. Growth means more
 * users, so it scales both. All factors are linear: 10 % more of any of them is 10 % more load.
 * Sources: Little 1961; Schroeder, Wierman, Harchol-Balter 2006; the guide's target table, whose 400-500 requests/s for
 * 277.8 on average hold an unstated factor of 1.44 to 1.8 (here `peakToAverage`, stated).
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";

/** What is known of the users. Only `dau` is needed; everything else is assumed, and said to be, when left out. */
export interface DemandInput {
  /** Daily active users. */
  readonly dau: number;
  readonly requestsPerUserPerDay?: number | undefined;
  /** Length of the busiest part of the day in hours. */
  readonly peakWindowHours?: number | undefined;
  /** Share of the day's traffic that falls into that window, above 0 to 1. */
  readonly peakWindowShare?: number | undefined;
  /** Busiest minute over the mean of the peak window, 1 or more. */
  readonly peakToAverage?: number | undefined;
  /** Share of the daily users that are there at the same moment, above 0 to 1. */
  readonly concurrencyShare?: number | undefined;
  /** Users expected over users today. */
  readonly growth?: number | undefined;
  /** With both, concurrency follows from the sessions; `concurrencyShare`, when given too, must agree within 10 %. */
  readonly requestsPerSession?: number | undefined;
  readonly sessionSeconds?: number | undefined;
}

/** One line of the arithmetic. */
export interface PlanStep {
  readonly quantity: string;
  readonly formula: string;
  readonly value: number;
  readonly unit: string;
}

/** An input as it was used. */
export interface DemandAssumption {
  readonly name: keyof DemandInput;
  readonly meaning: string;
  readonly value: number;
  readonly unit: string;
  /** False when nobody gave it: the default stands in. */
  readonly isGiven: boolean;
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
  readonly steps: readonly PlanStep[];
}

/** Tolerance between two statements of the same quantity. */
export const consistencyTolerance = 0.1;

/** The guide's lower figure of 5 to 10 %. */
const defaultConcurrencyShare = 0.05;

/**
 * The peak load of `input.dau` users.
 * @throws PLAN_DEMAND_INVALID, PLAN_DEMAND_INCONSISTENT
 * @example computeDemand({ dau: 100_000 }) // 444.4 requests/s, 5,000 users
 */
export function computeDemand(input: DemandInput): Demand {
  const inputs = resolveInputs(input);
  const value = (name: keyof DemandInput): number =>
    inputs.find((each) => each.name === name)!.value;
  const users = value("dau") * value("growth");
  const requestsPerDay = users * value("requestsPerUserPerDay");
  const windowSeconds = value("peakWindowHours") * 3_600;
  const meanRatePerSecond = (requestsPerDay * value("peakWindowShare")) / windowSeconds;
  const ratePerSecond = meanRatePerSecond * value("peakToAverage");
  const concurrency = concurrencyStep(input, { users, ratePerSecond });
  const peakUsers = concurrency.value;
  const secondsPerRequest = peakUsers / ratePerSecond;
  const steps: PlanStep[] = [
    ...inputs.map(inputStep),
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
    concurrency,
    {
      quantity: "time between two requests of one user",
      formula: formulas.pace,
      value: secondsPerRequest,
      unit: "s",
    },
  ];
  return {
    dau: input.dau,
    inputs,
    meanRatePerSecond,
    ratePerSecond,
    peakUsers,
    secondsPerRequest,
    steps,
  };
}

/**
 * The inverse: how many daily users a sustainable rate carries, under the same assumptions (`dau` is not read).
 * @throws PLAN_DEMAND_INVALID
 */
export function dauFor(ratePerSecond: number, input: Omit<DemandInput, "dau"> = {}): number {
  return ratePerSecond / computeDemand({ ...withoutSessions(input), dau: 1 }).ratePerSecond;
}

/** Concurrent users as a number of people. Rounded, not raised: 7 % of 100,000 is 7000.000000000001 in binary. */
export function wholeUsers({ peakUsers }: Demand): number {
  return Math.max(1, Math.round(peakUsers));
}

const formulas = {
  perDay: "daily users * growth * requests per user and day",
  mean: "requests per day * share in the peak window / (window hours * 3600)",
  peak: "mean rate in the peak window * peak over average",
  pace: "concurrent users / peak rate",
} as const;

interface InputRule {
  readonly name: keyof DemandInput;
  readonly meaning: string;
  readonly unit: string;
  /** Undefined: has no default and takes part only when given. */
  readonly fallback: number | undefined;
  /** Exclusive. */
  readonly above: number;
  readonly atMost: number;
}

const rules: readonly InputRule[] = [
  {
    name: "dau",
    meaning: "daily users",
    unit: "users",
    fallback: undefined,
    above: 0,
    atMost: 1e10,
  },
  {
    name: "requestsPerUserPerDay",
    meaning: "requests per user and day",
    unit: "requests",
    fallback: 40,
    above: 0,
    atMost: 1e6,
  },
  { name: "peakWindowHours", meaning: "peak window", unit: "h", fallback: 4, above: 0, atMost: 24 },
  {
    name: "peakWindowShare",
    meaning: "share of the day's traffic in the peak window",
    unit: "share",
    fallback: 1,
    above: 0,
    atMost: 1,
  },
  {
    name: "peakToAverage",
    meaning: "peak over average",
    unit: "times",
    fallback: 1.6,
    above: 0.999_999,
    atMost: 1_000,
  },
  {
    name: "concurrencyShare",
    meaning: "share of daily users there at once",
    unit: "share",
    fallback: defaultConcurrencyShare,
    above: 0,
    atMost: 1,
  },
  { name: "growth", meaning: "growth", unit: "times", fallback: 1, above: 0, atMost: 1_000 },
  {
    name: "requestsPerSession",
    meaning: "requests per session",
    unit: "requests",
    fallback: undefined,
    above: 0,
    atMost: 1e6,
  },
  {
    name: "sessionSeconds",
    meaning: "length of a session",
    unit: "s",
    fallback: undefined,
    above: 0,
    atMost: 86_400,
  },
];

function resolveInputs(input: DemandInput): DemandAssumption[] {
  const hasSessions = requireWholeSessions(input);
  const resolved = rules.flatMap((rule): DemandAssumption[] => {
    const { name, meaning, unit } = rule;
    // With sessions known, a share of concurrent users that nobody gave has nothing to say.
    const fallback = hasSessions && name === "concurrencyShare" ? undefined : rule.fallback;
    const value = input[name] ?? fallback;
    if (value === undefined) return [];
    checkInput(rule, value);
    return [{ name, meaning, unit, value, isGiven: input[name] !== undefined }];
  });
  return resolved;
}

function requireWholeSessions({ requestsPerSession, sessionSeconds }: DemandInput): boolean {
  if ((requestsPerSession === undefined) === (sessionSeconds === undefined)) {
    return sessionSeconds !== undefined;
  }
  const [here, missing] =
    sessionSeconds === undefined
      ? ["requestsPerSession", "sessionSeconds"]
      : ["sessionSeconds", "requestsPerSession"];
  throw new LakhError("PLAN_DEMAND_INVALID", `${here} is given without ${missing}`, {
    hint: "give both, or neither",
    exitCode: exitCodes.invalidConfig,
  });
}

function checkInput({ name, meaning, above, atMost }: InputRule, value: number): void {
  if (Number.isFinite(value) && value > above && value <= atMost) return;
  const least = name === "peakToAverage" ? "at least 1" : `more than ${above}`;
  throw new LakhError(
    "PLAN_DEMAND_INVALID",
    `${name} (${meaning}) must be ${least} and at most ${atMost}, but is ${value}`,
    { hint: "shares are written from 0 to 1: 5 % is 0.05", exitCode: exitCodes.invalidConfig },
  );
}

/** Concurrent users, from sessions when both of their figures are known, else as a share of the daily users. */
function concurrencyStep(
  input: DemandInput,
  { users, ratePerSecond }: { users: number; ratePerSecond: number },
): PlanStep {
  const quantity = "concurrent users at the peak";
  const { requestsPerSession, sessionSeconds, concurrencyShare } = input;
  const byShare = users * (concurrencyShare ?? defaultConcurrencyShare);
  if (requestsPerSession === undefined || sessionSeconds === undefined) {
    const formula = "daily users * growth * share there at once";
    return { quantity, formula, value: byShare, unit: "users" };
  }
  const bySessions = (ratePerSecond * sessionSeconds) / requestsPerSession;
  const isOff = Math.abs(byShare / bySessions - 1) > consistencyTolerance;
  if (concurrencyShare !== undefined && isOff) throw inconsistent(byShare, bySessions);
  const formula = "peak rate * length of a session / requests per session (Little's law)";
  return { quantity, formula, value: bySessions, unit: "users" };
}

function inconsistent(byShare: number, bySessions: number): LakhError {
  return new LakhError(
    "PLAN_DEMAND_INCONSISTENT",
    `concurrencyShare gives ${formatCount(byShare)} concurrent users, but the sessions give ${formatCount(bySessions)}`,
    {
      hint: "leave one of concurrencyShare, requestsPerSession and sessionSeconds out: it follows from the others",
      exitCode: exitCodes.invalidConfig,
    },
  );
}

function inputStep({ meaning, value, unit, isGiven }: DemandAssumption): PlanStep {
  return { quantity: meaning, formula: isGiven ? "given" : "assumed", value, unit };
}

/** Sessions decide concurrency only; the rate, which the inverse is about, does not read them. */
function withoutSessions(input: Omit<DemandInput, "dau">): Omit<DemandInput, "dau"> {
  return { ...input, requestsPerSession: undefined, sessionSeconds: undefined };
}
