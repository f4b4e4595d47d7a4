/**
 * What is known of the users, and what is assumed where nothing is. Requests per user and day are the product of sessions
 * and their requests: of the three any two give the third, and three must agree (capacity-methods 1.1: r = s q).
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import { figure } from "./wording.ts";

/** What is known of the users. Only `dau` is needed; everything else is assumed, and said to be, when left out. */
export interface DemandInput {
  /** Daily active users. */
  readonly dau: number;
  /** r. */
  readonly requestsPerUserPerDay?: number | undefined;
  /** s. */
  readonly sessionsPerUserPerDay?: number | undefined;
  /** q. */
  readonly requestsPerSession?: number | undefined;
  /** Length of the busiest part of the day in hours. */
  readonly peakWindowHours?: number | undefined;
  /** Share of the day's traffic that falls into that window, above 0 to 1. */
  readonly peakWindowShare?: number | undefined;
  /** Busiest minute over the mean of the peak window, 1 or more. */
  readonly peakToAverage?: number | undefined;
  /** Share of the daily users that are there at the same moment, above 0 to 1. */
  readonly concurrencyShare?: number | undefined;
  /** S: with the requests of a session, concurrency follows from it. */
  readonly sessionSeconds?: number | undefined;
  /** Mean time from one request of a user who is there to the next, answer included; concurrency follows from it, too. */
  readonly thinkTimeSeconds?: number | undefined;
  /** Users expected over users today. */
  readonly growth?: number | undefined;
}

/** An input as it was used. */
export interface DemandAssumption {
  readonly name: keyof DemandInput;
  readonly meaning: string;
  readonly value: number;
  readonly unit: string;
  /** False when nothing was given that says it: the default stands in. */
  readonly isGiven: boolean;
  /** "given", with where from when that is known; "assumed"; or how it follows from what was given. */
  readonly formula: string;
}

/** Where an input comes from, for people: "--dau", "lakh.config.ts". */
export type DemandOrigins = { readonly [K in keyof DemandInput]?: string };

/** Tolerance between two statements of the same quantity. */
export const consistencyTolerance = 0.1;

/** The guide's lower figure of 5 to 10 %. */
const defaultConcurrencyShare = 0.05;

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
    name: "sessionsPerUserPerDay",
    meaning: "sessions per user and day",
    unit: "sessions",
    fallback: undefined,
    above: 0,
    atMost: 1e4,
  },
  {
    name: "requestsPerSession",
    meaning: "requests per session",
    unit: "requests",
    fallback: undefined,
    above: 0,
    atMost: 1e6,
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
    name: "sessionSeconds",
    meaning: "length of a session",
    unit: "s",
    fallback: undefined,
    above: 0,
    atMost: 86_400,
  },
  {
    name: "thinkTimeSeconds",
    meaning: "time between two requests of one user",
    unit: "s",
    fallback: undefined,
    above: 0,
    atMost: 86_400,
  },
];

/**
 * Every input that takes part in the arithmetic, checked.
 * @throws PLAN_DEMAND_INVALID, PLAN_DEMAND_INCONSISTENT
 */
export function resolveInputs(
  input: DemandInput,
  origins: DemandOrigins,
): readonly DemandAssumption[] {
  const derived = deriveSessions(input);
  // With concurrency known from elsewhere, a share that nobody gave has nothing to say.
  const isShareIdle = input.sessionSeconds !== undefined || input.thinkTimeSeconds !== undefined;
  const inputs = rules.flatMap((rule): DemandAssumption[] => {
    const { name, meaning, unit } = rule;
    const given = input[name];
    const follows = given === undefined ? derived[name] : undefined;
    const fallback = isShareIdle && name === "concurrencyShare" ? undefined : rule.fallback;
    const value = given ?? follows?.value ?? fallback;
    if (value === undefined) return [];
    checkInput(rule, value);
    const isGiven = given !== undefined || follows !== undefined;
    const formula = follows?.formula ?? (isGiven ? givenBy(origins[name]) : "assumed");
    return [{ name, meaning, unit, value, isGiven, formula }];
  });
  requireRequestsOfSession(inputs);
  return inputs;
}

function givenBy(origin: string | undefined): string {
  return origin === undefined ? "given" : `given (${origin})`;
}

type Derived = {
  readonly [K in keyof DemandInput]?: { readonly value: number; readonly formula: string };
};

/** r = s q, whichever of the three is missing; s alone divides the r that is assumed. */
function deriveSessions({
  requestsPerUserPerDay: perDay,
  sessionsPerUserPerDay: sessions,
  requestsPerSession: perSession,
}: DemandInput): Derived {
  if (sessions === undefined) return {};
  if (perSession === undefined) {
    const value = (perDay ?? fallbackOf("requestsPerUserPerDay")) / sessions;
    const formula = "requests per user and day / sessions per user and day";
    return { requestsPerSession: { value, formula } };
  }
  const value = sessions * perSession;
  if (perDay === undefined) {
    const formula = "sessions per user and day * requests per session";
    return { requestsPerUserPerDay: { value, formula } };
  }
  if (agree(perDay, value)) return {};
  throw new LakhError(
    "PLAN_DEMAND_INCONSISTENT",
    `requestsPerUserPerDay is ${figure(perDay)}, but sessionsPerUserPerDay * requestsPerSession is ${figure(value)}`,
    {
      hint: "leave one of the three out: it follows from the others",
      exitCode: exitCodes.invalidConfig,
    },
  );
}

/** Two statements of one quantity. */
export function agree(one: number, other: number): boolean {
  return Math.abs(one / other - 1) <= consistencyTolerance;
}

function fallbackOf(name: keyof DemandInput): number {
  return rules.find((rule) => rule.name === name)!.fallback!;
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

/** How long a session lasts says nothing while nobody knows what happens in one. */
function requireRequestsOfSession(inputs: readonly DemandAssumption[]): void {
  const has = (name: keyof DemandInput): boolean => inputs.some((each) => each.name === name);
  if (!has("sessionSeconds") || has("requestsPerSession")) return;
  throw new LakhError("PLAN_DEMAND_INVALID", "sessionSeconds is given without requestsPerSession", {
    hint: "give requestsPerSession or sessionsPerUserPerDay, too, or leave sessionSeconds out",
    exitCode: exitCodes.invalidConfig,
  });
}
