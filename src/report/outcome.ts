/**
 * What a run, a campaign or a search has shown, as the list of things that had to hold: what CI systems show of a test.
 * One shape for all three; junit.ts and markdown.ts write it.
 */
import { formatGoDuration } from "../base/units.ts";
import type { LimitRecord, RunRecord } from "../record/index.ts";
import type { CampaignView } from "./campaign.ts";
import { absent, formatRate, formatWhole } from "../base/numbers.ts";
import { formatNumber } from "./numbers.ts";
import type { CriterionStatus, VerdictView } from "./view.ts";

/** Something that had to hold. */
export interface OutcomeCase {
  /** What kind of thing: "objectives", "thresholds", "checks", "phases", "trials". */
  readonly group: string;
  readonly name: string;
  readonly required: string;
  readonly measured: string;
  readonly status: CriterionStatus;
  /** May be empty. */
  readonly explanation: string;
}

export interface Outcome {
  readonly kind: "run" | "campaign" | "search" | "comparison";
  readonly id: string;
  /** What shows the rest; `lakh report <id>` when it is missing. */
  readonly command?: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Undefined when nothing was to be judged. */
  readonly verdict: Pick<VerdictView, "verdict" | "sentence" | "reasons"> | undefined;
  /** How the run ended, where there is no verdict; undefined when it came to its end. */
  readonly failure: string | undefined;
  readonly cases: readonly OutcomeCase[];
  /** `lakh report` shows the rest. */
  readonly facts: readonly (readonly [name: string, text: string])[];
}

/** @param verdict undefined when the run had no objectives */
export function runOutcome(record: RunRecord, verdict: VerdictView | undefined): Outcome {
  const { id, startedAt, durationMs, outcome, script, plan, iterations } = record;
  const requests = record.metrics.find(({ name }) => name === "http_reqs")?.values;
  return {
    kind: "run",
    id,
    startedAt,
    durationMs,
    verdict,
    failure: outcome.exitCode === 0 ? undefined : (outcome.message ?? outcome.reason),
    cases: [
      ...(verdict?.scorecard ?? []).map(
        ({ label, required, measured, status, explanation }): OutcomeCase => ({
          group: "objectives",
          name: label,
          required,
          measured,
          status,
          explanation,
        }),
      ),
      ...thresholdCases(record),
      ...checkCases(record),
    ],
    facts: [
      ["script", script.path],
      ...(plan === null ? [] : [["daily users", formatWhole(plan.dau)] as const]),
      ["requests", formatWhole(requests?.["count"] ?? 0)],
      ["requests/s", formatRate(requests?.["rate"] ?? 0)],
      ["iterations", formatWhole(iterations.completed)],
      ["duration", formatGoDuration(Math.round(durationMs))],
    ],
  };
}

/** @param durationMs of all its phases */
export function campaignOutcome(
  campaign: CampaignView,
  { startedAt, durationMs }: { readonly startedAt: string; readonly durationMs: number },
): Outcome {
  const { id, verdict, phases, compression } = campaign;
  return {
    kind: "campaign",
    id,
    startedAt,
    durationMs,
    verdict,
    failure: undefined,
    cases: phases.flatMap(({ name, users, status, verdict: judged }): OutcomeCase[] => [
      {
        group: "phases",
        name,
        required: `${formatWhole(users)} users`,
        measured: status,
        status: judged?.verdict === "INVALID" ? "INCONCLUSIVE" : (judged?.verdict ?? "NOT_JUDGED"),
        explanation: judged?.sentence ?? "",
      },
      ...(judged?.scorecard ?? []).map(
        (row): OutcomeCase => ({ ...row, group: `phase ${name}`, name: row.label }),
      ),
    ]),
    facts: [
      ["phases", formatWhole(phases.length)],
      ...(compression > 1 ? [["times divided by", formatWhole(compression)] as const] : []),
    ],
  };
}

/** @param durationMs of all its trials */
export function searchOutcome(limit: LimitRecord): Outcome {
  const { id, startedAt, verdict, sentence, sustainable, needed, limitedBy, trials } = limit;
  const durationMs = trials.reduce((sum, { warmUpMs, steadyMs }) => sum + warmUpMs + steadyMs, 0);
  const rate = sustainable === null ? absent : `${formatRate(sustainable.requestsPerSecond)}/s`;
  return {
    kind: "search",
    id,
    startedAt,
    durationMs,
    verdict: { verdict, sentence, reasons: [] },
    failure: undefined,
    cases: [
      {
        group: "search",
        name: needed === null ? "a limit is found" : `${formatWhole(needed.dau)} daily users`,
        required: needed === null ? "" : `${formatRate(needed.requestsPerSecond)} requests/s`,
        measured: rate,
        status: verdict === "INVALID" ? "INCONCLUSIVE" : verdict,
        explanation: sentence,
      },
    ],
    facts: [
      [
        "sustains",
        sustainable === null ? absent : `${rate} = ${formatWhole(sustainable.dau)} daily users`,
      ],
      ["gives first", limitedBy?.label ?? absent],
      ["trials", formatWhole(trials.length)],
      ["script", limit.script],
    ],
  };
}

function thresholdCases({ thresholds }: RunRecord): OutcomeCase[] {
  return thresholds.map(({ metric, source, ok, actual }) => ({
    group: "thresholds",
    name: `${metric}: ${source}`,
    required: source,
    measured: actual === undefined ? "no samples" : formatNumber(actual),
    status: ok ? "PASS" : "FAIL",
    explanation: "",
  }));
}

/** A check that fails now and then ends no run in k6, but a test that shows it green would hide it. */
function checkCases({ checks }: RunRecord): OutcomeCase[] {
  return (checks ?? []).map(({ group, name, passes, fails }) => ({
    group: "checks",
    name: group === "" ? name : `${group.replace(/^::/u, "")}: ${name}`,
    required: "all pass",
    measured: `${formatWhole(passes)} of ${formatWhole(passes + fails)}`,
    status: fails === 0 ? "PASS" : "FAIL",
    explanation: "",
  }));
}
