/** What to do after a verdict, in the order in which it is worth doing. */
import type { RunRecord } from "../../record/index.ts";
import type { VerdictView } from "../view.ts";

export function nextSteps(record: RunRecord, verdict: VerdictView | undefined): string[] {
  if (verdict === undefined) return afterUnjudged(record);
  switch (verdict.verdict) {
    case "PASS":
      return afterPass(verdict);
    case "FAIL":
      return afterFail(record, verdict);
    case "INCONCLUSIVE":
      return afterInconclusive(verdict);
    case "INVALID":
      return afterInvalid(record, verdict);
  }
}

function afterPass({ scorecard }: VerdictView): string[] {
  const isOpen = scorecard.some(({ status }) => status === "NOT_JUDGED");
  return [
    ...(isOpen
      ? ["A run this short cannot tell a leak from warming up: run the soak, too (lakh validate)."]
      : []),
    "See how much room there is: lakh limit finds the largest load that the target holds.",
    "Keep this run: it is what the next release is compared with.",
  ];
}

function afterFail(record: RunRecord, { scorecard }: VerdictView): string[] {
  const gave = scorecard.filter(({ status }) => status === "FAIL").map(({ id }) => id);
  const isSlow = gave.some((id) => id.startsWith("latency_"));
  return [
    "Begin with the red flags below: each says what was seen and what usually helps.",
    ...(isSlow && record.endpoints.length > 1
      ? ["Sort the endpoints by p95: most often a few of them make the whole slow."]
      : []),
    "Run it again after each change: the same command is at the end of this page.",
    "lakh limit finds the largest load that the target does hold until then.",
  ];
}

function afterInconclusive({ scorecard }: VerdictView): string[] {
  const open = scorecard.filter(({ status }) => status === "INCONCLUSIVE");
  return [
    ...(open.length > 0
      ? [
          "The scorecard says for each open row what evidence is missing, and how long a run would give it.",
        ]
      : [
          "The reasons say what speaks against a PASS although no row fails: mend that, or state an objective for it.",
        ]),
    "Then run it again. This result is neither a PASS nor a FAIL: do not decide on it.",
  ];
}

function afterInvalid({ outcome }: RunRecord, { generator }: VerdictView): string[] {
  if (generator.status === "saturated")
    return [
      "The target is not judged by this run: its figures may be the generator's own.",
      "Look at this machine with lakh doctor, free it of other work, or use a larger one; --workers auto uses all its cores.",
      "lakh plan says how much generator a load needs.",
    ];
  const isEnded = outcome.reason === "finished";
  return [
    ...(isEnded
      ? []
      : ["The run ended before its time: see why in the reasons, and run it again."]),
    "Nothing in this report should be held for or against the target.",
  ];
}

function afterUnjudged({ thresholds, outcome }: RunRecord): string[] {
  const isCrossed = thresholds.some(({ ok }) => !ok);
  return [
    ...(isCrossed ? ["See which thresholds were crossed, and the red flags."] : []),
    ...(outcome.reason === "interrupted" || outcome.reason === "aborted"
      ? ["The run ended before its time: its figures are those of a part of it."]
      : []),
    "State what the target must hold, and the next run is judged: lakh run --dau 100000 script.js, or objectives in a config file.",
  ];
}
