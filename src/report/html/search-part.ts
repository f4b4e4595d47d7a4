/** What a page shows of a search: the answer, its marks, and the trials. */
import { formatGoDuration } from "../../base/units.ts";
import type { SearchReportData, TrialRow } from "../../page/index.ts";
import type { LimitRecord, LimitTrialRecord } from "../../record/index.ts";
import { limitRemarks, trialPurposes, trialSides } from "../limit.ts";
import { formatPercent, formatRate, formatWhole } from "../../base/numbers.ts";
import { quote } from "./again.ts";
import { facts, momentOf } from "./facts.ts";
import { limitLabel } from "./run-charts.ts";
import { verdictTones, withoutWord } from "./run-part.ts";

export function searchPart(limit: LimitRecord): SearchReportData {
  const { id, lakhVersion, verdict, sentence, sustainable, needed, objectives, script, startedAt } =
    limit;
  return {
    kind: "search",
    title: `Search ${id}`,
    lakhVersion,
    banner: {
      word: verdict,
      tone: verdictTones[verdict],
      sentence: withoutWord(verdict, sentence),
      reasons: limit.partial
        ? ["The search was ended before its time: this is what was found so far."]
        : [],
      next: nextSteps(limit),
    },
    facts: facts({
      script,
      started: momentOf(startedAt),
      confidence: `${formatPercent(limit.confidence)} of each end of the interval`,
      errors:
        objectives.errorShare === null
          ? undefined
          : `fewer than ${formatPercent(objectives.errorShare)}`,
      CPU: objectives.cpuShare === null ? undefined : `below ${formatPercent(objectives.cpuShare)}`,
    }),
    figures: figuresOf(limit),
    remarks: limitRemarks(limit),
    trials: limit.trials.map(toTrial),
    marks: [
      ...(sustainable === null
        ? []
        : [
            {
              label: `${sustainable.isProven ? "holds" : "seems to hold"} ${formatRate(sustainable.requestsPerSecond)}/s`,
              ratePerSecond: sustainable.requestsPerSecond,
            },
          ]),
      ...(needed === null
        ? []
        : [
            {
              label: `needed ${formatRate(needed.requestsPerSecond)}/s`,
              ratePerSecond: needed.requestsPerSecond,
            },
          ]),
    ],
    limits: objectives.latency.map(({ share, limitMs }) => ({
      label: limitLabel(share, limitMs),
      value: limitMs,
    })),
    again: {
      command: `lakh limit ${needed === null ? "" : `--dau ${needed.dau} `}${quote(script)}`,
      note: "With the flags and environment variables of the first time. lakh report ID shows the run of a trial.",
    },
  };
}

function figuresOf({
  sustainable,
  needed,
  limitedBy,
  trials,
  recovery,
}: LimitRecord): SearchReportData["figures"] {
  const range = (low: string, high: string | undefined): string =>
    high === undefined ? `${low} at least` : `${low} to ${high}`;
  return [
    ...(sustainable === null
      ? [
          {
            label: "requests per second",
            value: "-",
            note: "no rate was found that holds",
            tone: "bad" as const,
          },
        ]
      : [
          {
            label: sustainable.isProven ? "requests/s that hold" : "requests/s that seem to hold",
            value: formatRate(sustainable.requestsPerSecond),
            note: range(
              formatRate(sustainable.low),
              sustainable.high === null ? undefined : formatRate(sustainable.high),
            ),
          },
          {
            label: "daily users",
            value: formatWhole(sustainable.dau),
            note: range(
              formatWhole(sustainable.lowDau),
              sustainable.highDau === null ? undefined : formatWhole(sustainable.highDau),
            ),
          },
        ]),
    ...(needed === null
      ? []
      : [
          {
            label: "asked about",
            value: formatWhole(needed.dau),
            note: `daily users: ${formatRate(needed.requestsPerSecond)} requests/s`,
          },
        ]),
    { label: "gives first", value: limitedBy?.label ?? "nothing yet" },
    { label: "trials", value: formatWhole(trials.length) },
    ...(recovery === null
      ? []
      : [
          {
            label: "after the load",
            value: recovery.recovered ? "well again" : "not well",
            tone: recovery.recovered ? undefined : ("bad" as const),
          },
        ]),
  ];
}

const sideTones = {
  holds: "good",
  "looks-good": "good",
  "looks-bad": "bad",
  fails: "bad",
  invalid: "warning",
} as const satisfies Record<LimitTrialRecord["side"], string>;

function toTrial(trial: LimitTrialRecord, index: number): TrialRow {
  const { purpose, ratePerSecond, achievedPerSecond, steadyMs, p50Ms, p95Ms, p99Ms, errorShare } =
    trial;
  return {
    number: index + 1,
    purpose: trialPurposes[purpose],
    ratePerSecond,
    achievedPerSecond,
    judged: formatGoDuration(steadyMs),
    p50Ms,
    p95Ms,
    p99Ms,
    errorShare,
    says: trialSides[trial.side],
    tone: sideTones[trial.side],
    sentence: withoutWord(trial.verdict, trial.sentence),
    run: trial.run,
  };
}

function nextSteps({ verdict, end, needed }: LimitRecord): string[] {
  if (verdict === "INVALID")
    return [
      "The search says nothing of the target: look at this machine with lakh doctor, and search again.",
    ];
  if (end === "generator-limit")
    return [
      "The generator was at its end before the target: use a larger machine or --workers auto, and search again.",
    ];
  if (end === "max-rate-holds")
    return [
      "The target held the largest rate that was allowed: raise --max-rate to see where it ends.",
    ];
  if (end === "trials-used-up" || end === "time-used-up" || end === "interrupted")
    return [
      "The search had not come to its end: give it more (--max-trials, --max-duration), or longer trials (--trial).",
    ];
  return [
    ...(verdict === "FAIL" && needed !== null
      ? ["Look at the run of the first trial that fails: its red flags say what gives."]
      : []),
    "Prove the number with the whole campaign, soak included: lakh validate.",
  ];
}
