/** Everything that a page shows of one run: a pure function of its record and what was judged of it. */
import { formatClock, formatWhole, percentileName } from "../../base/numbers.ts";
import { judge, type RedFlag, redFlags, type Verdict } from "../../judge/index.ts";
import type { BannerData, ReportEndpoint, RunData } from "../../page/index.ts";
import type { RunRecord } from "../../record/index.ts";
import type { CriterionStatus } from "../view.ts";
import { againOf } from "./again.ts";
import { exchangesPart } from "./exchanges-part.ts";
import {
  environmentFacts,
  headFacts,
  keyFigures,
  metricRows,
  optionFacts,
  planRows,
  scalingFacts,
  scenarioRows,
} from "./facts.ts";
import { generatorPart } from "./generator-part.ts";
import { latencySpread } from "./latency-spread.ts";
import { nextSteps } from "./next-steps.ts";
import { runCharts } from "./run-charts.ts";
import { targetPart } from "./target-part.ts";

/** A page with more rows is no page: so many names come of ids in URLs. */
const mostEndpoints = 1_000;

/** @param mostPoints of a line in a chart */
export function runPart(record: RunRecord, mostPoints: number): RunData {
  const judged = judge(record);
  // Without objectives there is no verdict, but the generator's health and the flags hold all the same.
  const verdict = record.objectives === null ? undefined : judged;
  const { figures, note } = keyFigures(record);
  return {
    id: record.id,
    banner: toBanner(record, verdict),
    facts: headFacts(record),
    figures,
    figuresNote: note,
    scorecard: (verdict?.scorecard ?? []).map(
      ({ label, required, measured, status, explanation }) => ({
        label,
        required,
        measured,
        status,
        explanation,
      }),
    ),
    flags: redFlags(record, judged).map(toFlagRow),
    charts: runCharts(record, mostPoints),
    latency: latencySpread(record),
    endpoints: toEndpoints(record, verdict),
    exchanges: exchangesPart(record),
    checks:
      record.checks?.map(({ group, ...check }) => ({
        group: group.replace(/^::/u, ""),
        ...check,
      })) ?? null,
    thresholds: record.thresholds.map(({ actual, ...threshold }) => ({
      ...threshold,
      actual: actual ?? null,
    })),
    generator: generatorPart(record, judged.generator, mostPoints),
    target: targetPart(record, mostPoints),
    plan: planRows(record),
    metrics: metricRows(record),
    scenarios: scenarioRows(record),
    scalings: scalingFacts(record),
    exceptions: record.exceptions,
    environment: environmentFacts(record),
    options: optionFacts(record),
    again: againOf(record),
  };
}

export const verdictTones = {
  PASS: "good",
  FAIL: "bad",
  INCONCLUSIVE: "warning",
  INVALID: "warning",
} as const;

function toBanner(record: RunRecord, verdict: Verdict | undefined): BannerData {
  const next = nextSteps(record, verdict);
  if (verdict === undefined) return { ...endOf(record), next };
  const { verdict: word, sentence, reasons } = verdict;
  return { word, tone: verdictTones[word], sentence: withoutWord(word, sentence), reasons, next };
}

/** "the target holds …" of "PASS: the target holds …", as a sentence. */
export function withoutWord(word: string, sentence: string): string {
  const text = sentence.startsWith(`${word}: `) ? sentence.slice(word.length + 2) : sentence;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How a run ended that had no objectives to meet. */
function endOf({ outcome, thresholds, durationMs }: RunRecord): Omit<BannerData, "next"> {
  const { reason, exitCode, message } = outcome;
  const crossed = thresholds.filter(({ ok }) => !ok);
  if (crossed.length > 0) {
    const reasons = crossed.map(({ metric, source }) => `${metric}: ${source}`);
    const count = `${formatWhole(crossed.length)} of ${formatWhole(thresholds.length)}`;
    return {
      word: "THRESHOLDS CROSSED",
      tone: "bad",
      sentence: `${count} thresholds of the script were crossed.`,
      reasons,
    };
  }
  if (reason === "finished" && exitCode === 0)
    return {
      word: "FINISHED",
      tone: "neutral",
      sentence:
        thresholds.length > 0
          ? "The run came to its end and kept its thresholds. It had no objectives, so there is no verdict."
          : "The run came to its end. It had no objectives and no thresholds, so there is no verdict.",
      reasons: [],
    };
  return {
    word: reason === "interrupted" ? "INTERRUPTED" : "DID NOT FINISH",
    tone: "warning",
    sentence: `The run ended after ${formatClock(durationMs)} (${reason}, exit code ${exitCode}).`,
    reasons: message === null ? [] : [message],
  };
}

function toFlagRow({ severity, title, evidence, fix }: RedFlag): RunData["flags"][number] {
  return { title, tone: severity === "problem" ? "bad" : "warning", evidence, fix };
}

function toEndpoints(record: RunRecord, verdict: Verdict | undefined): RunData["endpoints"] {
  const { endpoints, steadyState } = record;
  const seconds = (steadyState.toMs - steadyState.fromMs) / 1_000;
  const busiest = endpoints.toSorted((one, other) => other.requests - one.requests);
  const rows = busiest.slice(0, mostEndpoints).map(
    ({ name, method, requests, failed, p50Ms, p90Ms, p95Ms, p99Ms, maxMs }): ReportEndpoint => ({
      name,
      method,
      requests,
      ratePerSecond: seconds > 0 ? requests / seconds : 0,
      p50Ms,
      p90Ms,
      p95Ms,
      p99Ms,
      maxMs,
      failed,
      errorShare: requests > 0 ? failed / requests : 0,
      status: ownStatus(verdict, method === "" ? [name] : [`${method} ${name}`, name]),
      above: aboveLimits(record, { p50Ms, p90Ms, p95Ms, p99Ms }),
    }),
  );
  const span = `${formatClock(steadyState.fromMs)} to ${formatClock(steadyState.toMs)}`;
  return {
    rows,
    leftOut: Math.max(0, endpoints.length - mostEndpoints),
    note: `steady state, ${span}`,
  };
}

const worstFirst: readonly CriterionStatus[] = ["FAIL", "INCONCLUSIVE", "NOT_JUDGED", "PASS"];

/** The worst row of the endpoint's own objectives; null without any. */
function ownStatus(verdict: Verdict | undefined, names: readonly string[]): CriterionStatus | null {
  const statuses = new Set(
    (verdict?.scorecard ?? [])
      .filter(({ endpoint }) => endpoint !== undefined && names.includes(endpoint))
      .map(({ status }) => status),
  );
  return worstFirst.find((status) => statuses.has(status)) ?? null;
}

type Percentiles = Pick<ReportEndpoint, "p50Ms" | "p90Ms" | "p95Ms" | "p99Ms">;

/** Which percentiles are at or above the run's own limit for them. */
function aboveLimits({ objectives }: RunRecord, percentiles: Percentiles): string[] {
  const known: Readonly<Record<string, number>> = {
    p50: percentiles.p50Ms,
    p90: percentiles.p90Ms,
    p95: percentiles.p95Ms,
    p99: percentiles.p99Ms,
  };
  return (objectives?.latency ?? []).flatMap(({ share, limitMs }) => {
    const name = percentileName(share);
    const value = known[name];
    return value !== undefined && value >= limitMs ? [name] : [];
  });
}
