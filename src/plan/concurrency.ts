/**
 * How many users are there at the same moment: by sessions (Little's law, N = A S with A = L / q), by the time between
 * two requests of a user (N = L Z), or as a share of the daily users. Each alone decides; those that are given must agree
 * (capacity-methods 1.4: of rate, concurrency and seconds per request any two give the third).
 */
import { LakhError, exitCodes } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";
import { agree, type DemandInput } from "./demand-inputs.ts";

/** What the statements need: inputs by name, growth included in `users`. */
export interface ConcurrencyFigures {
  readonly users: number;
  readonly ratePerSecond: number;
  readonly input: (name: keyof DemandInput) => number | undefined;
}

export interface Concurrency {
  readonly value: number;
  readonly formula: string;
}

interface Statement extends Concurrency {
  /** "the sessions give", "concurrencyShare gives". */
  readonly says: string;
}

/** @throws PLAN_DEMAND_INCONSISTENT when two statements differ by more than a tenth */
export function concurrencyOf(figures: ConcurrencyFigures): Concurrency {
  const [decisive, ...others] = statementsOf(figures);
  if (decisive === undefined) throw new Error("nothing says how many users are there at once");
  const contrary = others.find(({ value }) => !agree(value, decisive.value));
  if (contrary !== undefined) throw inconsistent(contrary, decisive);
  const { value, formula } = decisive;
  return { value, formula };
}

/** The most telling first. */
function statementsOf({ users, ratePerSecond, input }: ConcurrencyFigures): Statement[] {
  const statements: Statement[] = [];
  const [length, perSession] = [input("sessionSeconds"), input("requestsPerSession")];
  if (length !== undefined && perSession !== undefined)
    statements.push({
      says: "the sessions give",
      value: (ratePerSecond * length) / perSession,
      formula: "peak rate * length of a session / requests per session (Little's law)",
    });
  const thinkTime = input("thinkTimeSeconds");
  if (thinkTime !== undefined)
    statements.push({
      says: "thinkTimeSeconds gives",
      value: ratePerSecond * thinkTime,
      formula: "peak rate * time between two requests of one user (Little's law)",
    });
  const share = input("concurrencyShare");
  if (share !== undefined)
    statements.push({
      says: "concurrencyShare gives",
      value: users * share,
      formula: "daily users * growth * share there at once",
    });
  return statements;
}

function inconsistent(one: Statement, other: Statement): LakhError {
  const users = formatCount(one.value);
  return new LakhError(
    "PLAN_DEMAND_INCONSISTENT",
    `${one.says} ${users} concurrent users, but ${other.says} ${formatCount(other.value)}`,
    {
      hint: "leave one of concurrencyShare, thinkTimeSeconds and the session's figures out: it follows from the others",
      exitCode: exitCodes.invalidConfig,
    },
  );
}
