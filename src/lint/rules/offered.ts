/**
 * How many requests a second the planned load offers: of an open scenario its rate times the requests of an iteration;
 * of a looping one VUs times requests over the length of an iteration (N k / T, Little 1961). k and T are those of the
 * dry run; without it those that the text tells, with T for a target that takes a second for each answer.
 */
import type { ScenarioPlan } from "../../schedule/index.ts";
import { isLooping, isOpen, peakOf } from "../load.ts";
import { httpCalls } from "../model/http-calls.ts";
import { estimateIteration } from "../model/iteration.ts";
import { closedLoopRate } from "../../plan/index.ts";
import type { LintContext } from "../rule.ts";

/** k and T of one function. */
export interface IterationFigures {
  readonly requests: number;
  readonly durationMs: number;
  readonly isMeasured: boolean;
}

/** A slow target: with it, what a text offers is rather too little than too much. */
const slowAnswerMs = 1_000;

/** What is known of an iteration of `exec`; undefined when neither dry run nor text tells. */
export function iterationFigures(
  exec: string,
  { trial, model, plan }: LintContext,
): IterationFigures | undefined {
  const least = plan.options.minIterationDurationMs;
  const seen = trial?.functions.find((each) => each.exec === exec);
  if (seen !== undefined && seen.iterations > 0 && seen.requests > 0) {
    const requests = seen.requests / seen.iterations;
    return { requests, durationMs: Math.max(seen.durationMs, least), isMeasured: true };
  }
  const entry = model.exported(exec);
  if (entry === undefined || hasRequestsInClasses(model)) return undefined;
  const { mostRequests, meanSleepS } = estimateIteration(entry, model);
  if (meanSleepS === undefined || mostRequests === 0 || !Number.isFinite(mostRequests))
    return undefined;
  const durationMs = Math.max(meanSleepS * 1_000 + mostRequests * slowAnswerMs, least);
  return { requests: mostRequests, durationMs, isMeasured: false };
}

/** Calls of methods are not followed: what they send is not counted. */
function hasRequestsInClasses(model: LintContext["model"]): boolean {
  return httpCalls(model).some(({ call }) =>
    [...model.ancestorsOf(call)].some(({ type }) => type === "ClassBody"),
  );
}

export interface Offer {
  readonly scenario: ScenarioPlan;
  /** VUs of a looping scenario, iterations/s of an open one, at the highest. */
  readonly peak: number;
  readonly figures: IterationFigures;
  readonly requestsPerSecond: number;
}

/** What each scenario offers at its highest; undefined when one of them is not known. */
export function offersOf(context: LintContext): readonly Offer[] | undefined {
  const offers: Offer[] = [];
  for (const scenario of context.plan.scenarios) {
    if (!isLooping(scenario) && !isOpen(scenario)) continue;
    const figures = iterationFigures(scenario.exec, context);
    if (figures === undefined) return undefined;
    const peak = peakOf(scenario);
    const profile = {
      requestsPerIteration: figures.requests,
      iterationDurationMs: figures.durationMs,
    };
    const requestsPerSecond = isOpen(scenario)
      ? peak * figures.requests
      : closedLoopRate(peak, profile);
    offers.push({ scenario, peak, figures, requestsPerSecond });
  }
  return offers.length === 0 ? undefined : offers;
}
