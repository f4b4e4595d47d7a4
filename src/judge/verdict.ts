/**
 * The verdict of a record, by a decision table whose first matching line wins:
 *
 *     run did not finish | record does not add up                           INVALID
 *     load scaled by hand | generator saturated                             INVALID
 *     no objectives                                                         INCONCLUSIVE
 *     a row FAIL | a threshold crossed | marked failed | load not taken up  FAIL
 *     load taken away from a target that could not bear it  FAIL
 *     a row INCONCLUSIVE | something speaks against a PASS                  INCONCLUSIVE
 *     every row PASS (or NOT_JUDGED, and named)                             PASS
 *
 * A wrong PASS is the worst that can happen: PASS is what is left when nothing speaks against it, never a default.
 */
import { exitCodes } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";
import type { RunRecord } from "../record/index.ts";
import type { CriterionResult } from "./criterion.ts";
import { type GeneratorFinding, judgeGenerator } from "./generator.ts";
import { passObstacles, rampRemarks, runFailures } from "./run-findings.ts";
import { recordFaults } from "./record-faults.ts";
import { judgeCriteria } from "./scorecard.ts";
import { steadyRate, steadyView, type SteadyView } from "./steady-view.ts";
import { formatList, formatRate } from "./wording.ts";

/** What follows from a run. */
export interface Verdict {
  /** INCONCLUSIVE: too little evidence. INVALID: the generator or the run itself was at fault. */
  readonly verdict: "PASS" | "FAIL" | "INCONCLUSIVE" | "INVALID";
  /** One sentence for people, beginning with the verdict. */
  readonly sentence: string;
  /** What led to the verdict and what else is worth knowing, most important first. */
  readonly reasons: readonly string[];
  /** One row for each stated objective. */
  readonly scorecard: readonly CriterionResult[];
  readonly generator: GeneratorFinding;
}

/**
 * Judges a run from its record alone: the same record gives the same verdict at any time.
 * @example
 * const verdict = judge(await readRecord(path));
 * process.exitCode = exitCodeFor(verdict);
 */
export function judge(record: RunRecord): Verdict {
  const steady = steadyView(record);
  const faults = recordFaults(record, steady);
  const generator = judgeGenerator(record, steady);
  // Bounds of counts that are no counts mean nothing: no scorecard then.
  const scorecard = faults.length > 0 ? [] : judgeCriteria(record, steady);
  const decision = decide({ record, steady, faults, generator, scorecard });
  const reasons = [...decision.reasons, ...(faults.length > 0 ? [] : rampRemarks(record, steady))];
  return {
    verdict: decision.verdict,
    sentence: `${decision.verdict}: ${decision.sentence}`,
    reasons: [...new Set(reasons)],
    scorecard,
    generator,
  };
}

/** The exit code of `demo`, `validate` and `limit`, and of `compare` where a regression is to fail. */
export function exitCodeFor(verdict: Pick<Verdict, "verdict">): number {
  switch (verdict.verdict) {
    case "PASS":
      return exitCodes.ok;
    case "FAIL":
      return exitCodes.thresholdsFailed;
    case "INCONCLUSIVE":
      return exitCodes.inconclusive;
    case "INVALID":
      return exitCodes.invalid;
  }
}

interface Evidence {
  readonly record: RunRecord;
  readonly steady: SteadyView;
  readonly faults: readonly string[];
  readonly generator: GeneratorFinding;
  readonly scorecard: readonly CriterionResult[];
}

type Decision = Pick<Verdict, "verdict" | "sentence" | "reasons">;

function decide(evidence: Evidence): Decision {
  return (
    invalidity(evidence) ??
    nothingToJudge(evidence) ??
    failure(evidence) ??
    inconclusiveness(evidence) ??
    pass(evidence)
  );
}

function invalidity({ record, faults, generator }: Evidence): Decision | undefined {
  const unfinished = unfinishedReason(record.outcome);
  if (unfinished !== undefined) {
    return {
      verdict: "INVALID",
      sentence: `the run did not finish: ${unfinished}`,
      reasons: [unfinished, ...exceptionRemarks(record)],
    };
  }
  if (faults.length > 0) {
    return {
      verdict: "INVALID",
      sentence: `the record does not add up: ${faults[0]}`,
      reasons: faults,
    };
  }
  const scaled = record.manualScaling?.at(-1);
  if (scaled !== undefined) {
    const sentence = `the load was scaled by hand while it ran (scenario ${scaled.scenario} to ${formatCount(scaled.vus)} VUs), so it was not the load that was planned`;
    return { verdict: "INVALID", sentence, reasons: [sentence] };
  }
  if (generator.status === "saturated") {
    return { verdict: "INVALID", sentence: generator.sentence, reasons: [generator.sentence] };
  }
  return undefined;
}

/** Why the run cannot be judged; undefined when it came to its planned end. */
function unfinishedReason({ reason, exitCode, message }: RunRecord["outcome"]): string | undefined {
  const isKnownEnd =
    reason === "thresholds" ||
    reason === "overload" ||
    (reason === "finished" &&
      [exitCodes.ok, exitCodes.thresholdsFailed, exitCodes.markedAsFailed].some(
        (code) => code === exitCode,
      ));
  return isKnownEnd ? undefined : `${message ?? reason} (exit code ${exitCode})`;
}

function nothingToJudge({ record, steady, scorecard }: Evidence): Decision | undefined {
  if (scorecard.some(({ status }) => status !== "NOT_JUDGED")) return undefined;
  const crossed = runFailures(record, steady);
  const why =
    record.objectives === null || scorecard.length === 0
      ? "no objectives"
      : "this run can answer none of its objectives";
  return {
    verdict: "INCONCLUSIVE",
    sentence: `nothing to judge: ${why}`,
    reasons: [`nothing to judge: ${why}`, ...crossed],
  };
}

function failure({ record, steady, scorecard, generator }: Evidence): Decision | undefined {
  const rows = scorecard.filter(({ status }) => status === "FAIL");
  const failures = runFailures(record, steady);
  if (rows.length === 0 && failures.length === 0) return undefined;
  // What ended the run says more than the rows of the part that there is.
  const cutShort = record.outcome.reason === "overload" ? record.outcome.message : null;
  const seen = rows.length > 0 ? rows.map(rowFigures) : failures.slice(0, 1);
  const gave = cutShort === null ? seen : [cutShort];
  return {
    verdict: "FAIL",
    sentence: `${claim(record, steady, "does not hold")}: ${formatList(gave)}`,
    reasons: [
      ...rows.map(rowReason),
      ...failures,
      ...openRows(scorecard).map(rowReason),
      ...strain(generator),
      ...exceptionRemarks(record),
    ],
  };
}

function inconclusiveness({
  record,
  steady,
  scorecard,
  generator,
}: Evidence): Decision | undefined {
  const rows = openRows(scorecard);
  const obstacles = passObstacles(record, steady);
  if (rows.length === 0 && obstacles.length === 0) return undefined;
  const open = [...rows.map(({ label, explanation }) => `${label}: ${explanation}`), ...obstacles];
  const also = open.length > 1 ? ` (and ${open.length - 1} more)` : "";
  return {
    verdict: "INCONCLUSIVE",
    sentence: `too little evidence; ${open[0]}${also}`,
    reasons: [...open, ...strain(generator), ...exceptionRemarks(record)],
  };
}

function pass({ record, steady, scorecard, generator }: Evidence): Decision {
  const notJudged = scorecard.filter(({ status }) => status === "NOT_JUDGED");
  const limits = notJudged.map(({ label }) =>
    label === "memory of the target" ? "memory stability" : label,
  );
  const verb = limits.length > 1 ? "are" : "is";
  const reservation =
    limits.length === 0 ? "" : `; ${formatList(limits)} ${verb} not judged by a run this short`;
  return {
    verdict: "PASS",
    sentence: `${claim(record, steady, "holds")}${reservation}`,
    reasons: [...notJudged.map(rowReason), ...strain(generator), ...exceptionRemarks(record)],
  };
}

/**
 * "the target holds 100,000 daily users (5,000 at once, 444 requests/s)", the rate being the measured one.
 * Daily users are spoken of only where their rate was required: else any trickle would do.
 */
function claim(record: RunRecord, steady: SteadyView, verb: string): string {
  const users = record.objectives?.peakUsers ?? null;
  const load = [
    ...(users === null ? [] : [`${formatCount(users)} at once`]),
    `${formatRate(steadyRate(steady))} requests/s`,
  ];
  if (record.plan !== null && (record.objectives?.requestsPerSecond ?? null) !== null)
    return `the target ${verb} ${formatCount(record.plan.dau)} daily users (${load.join(", ")})`;
  return `the target ${verb} this load (${load.join(", ")})`;
}

function openRows(scorecard: readonly CriterionResult[]): CriterionResult[] {
  return scorecard.filter(({ status }) => status === "INCONCLUSIVE");
}

function rowFigures({ label, measured, required }: CriterionResult): string {
  return `${label} ${measured} (required ${required})`;
}

function rowReason(row: CriterionResult): string {
  const status = row.status === "NOT_JUDGED" ? "not judged:" : row.status;
  return `${status} ${rowFigures(row)}: ${row.explanation}`;
}

function strain(generator: GeneratorFinding): string[] {
  return generator.status === "healthy" ? [] : [generator.sentence];
}

function exceptionRemarks({ exceptions }: RunRecord): string[] {
  return exceptions.map(({ message, count }) => {
    const often = count === 1 ? "once" : `${formatCount(count)} times`;
    return `the script threw ${often}: ${message}`;
  });
}
