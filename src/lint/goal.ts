/**
 * Which load the test is meant to make: what the user states on the command line, else a threshold on the rate of
 * requests, else a line of the script's header comment that states a target ("Target: 500 RPS, 5000 concurrent users").
 */
import type { RunPlan } from "../plan/index.ts";
import type { StatedGoal } from "./input.ts";

export interface GoalFigure {
  readonly value: number;
  /** Where it is from, for people: `--rps`, `the threshold "rate>500" on http_reqs`, … */
  readonly source: string;
  /** It is a floor: a threshold asks for this much, and more is no fault. */
  readonly isFloor?: true;
}

export interface Goal {
  readonly requestsPerSecond: GoalFigure | undefined;
  readonly users: GoalFigure | undefined;
  readonly dau: number | undefined;
}

export function findGoal(
  stated: StatedGoal,
  { options }: Pick<RunPlan, "options">,
  entryText: string,
): Goal {
  const comment = statedInComment(entryText);
  return {
    requestsPerSecond:
      stated.requestsPerSecond ?? thresholdRate(options.thresholds) ?? comment.requestsPerSecond,
    users: comment.users,
    dau: stated.dau,
  };
}

/** The highest rate that a threshold asks of all requests. */
function thresholdRate(thresholds: RunPlan["options"]["thresholds"]): GoalFigure | undefined {
  const asked = (thresholds?.["http_reqs"] ?? []).flatMap(({ source }) => {
    const rate = /^\s*rate\s*>=?\s*([\d.]+)\s*$/u.exec(source)?.[1];
    return rate === undefined
      ? []
      : [
          {
            value: Number(rate),
            source: `the threshold "${source}" on http_reqs`,
            isFloor: true as const,
          },
        ];
  });
  // "rate>0" only asks that something is sent.
  return asked.filter(({ value }) => value >= 1).sort((a, b) => b.value - a.value)[0];
}

const targetLine =
  /^[\s/*#-]*(?:load\s+)?(?:target|goal|objective)(?:\s+(?:load|rate))?\s*[:=]\s*(.+)$/iu;
const rateWords =
  /(\d[\d,]*(?:\.\d+)?)\s*(?:rps|tps|qps|(?:req(?:uest)?s?)\s*(?:\/|per)\s*s(?:ec(?:ond)?)?)\b/iu;
const userWords =
  /(\d[\d,]*)\s*(?:(?:concurrent|simultaneous|virtual|active)\s+)?(?:users|vus)\b/iu;

function statedInComment(text: string): Pick<Goal, "requestsPerSecond" | "users"> {
  for (const line of headerComment(text).split("\n")) {
    const rest = targetLine.exec(line)?.[1];
    if (rest === undefined) continue;
    const source = `the script's header: "${line.replace(/^[\s/*#-]+/u, "").trim()}"`;
    const figure = (words: RegExp): GoalFigure | undefined => {
      const digits = words.exec(rest)?.[1];
      return digits === undefined
        ? undefined
        : { value: Number(digits.replaceAll(",", "")), source };
    };
    return { requestsPerSecond: figure(rateWords), users: figure(userWords) };
  }
  return { requestsPerSecond: undefined, users: undefined };
}

/** The comments before the first line of code. */
function headerComment(text: string): string {
  return /^(?:#!.*\n)?(?:\s|\/\/.*(?:\n|$)|\/\*[\s\S]*?\*\/)*/u.exec(text)?.[0] ?? "";
}
