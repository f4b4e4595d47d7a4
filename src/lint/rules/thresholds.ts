/** Thresholds that judge something else than they seem to, or nothing. */
import { expectsSamples } from "../../metrics/index.ts";
import type { ScenarioPlan } from "../../schedule/index.ts";
import type { Evidence } from "../finding.ts";
import { areaOf, isLooping, isOpen, peakStretches, runDurationMs, stretchesOf } from "../load.ts";
import { figure, type Fault, type LintContext, type Rule } from "../rule.ts";
import { plannedThresholds, quantileOf, type PlannedThreshold } from "../thresholds.ts";
import { counted, figureText, lengthText, percentText } from "../wording.ts";
import { iterationFigures } from "./offered.ts";

/** Below this share of the load, a ramp moves no percentile that anybody reads. */
const smallShare = 0.1;

export const rampInPercentiles: Rule = {
  id: "ramp-in-percentiles",
  title: "Ramps count in the percentiles",
  why:
    "A threshold without a tag judges the whole run: the easy minutes of the ramp dilute those at full load, and p(95) comes out better than " +
    "what users get at the peak (grafana/k6 issue 2379, locust issue 1352).",
  fix: 'put warm-up and peak into scenarios of their own and judge the peak: "http_req_duration{scenario:peak}"; lakh run --dau judges the steady state only',
  severities: ["warning"],
  looksAt: "options",
  needs: [],
  check(context) {
    const judged = plannedThresholds(context.plan).filter((each) => isStatistic(each));
    return context.plan.scenarios.flatMap((scenario): Fault[] => {
      if (!isLooping(scenario) && !isOpen(scenario)) return [];
      const mixed = judged.filter((each) => mixesRamp(each, scenario));
      const all = areaOf(stretchesOf(scenario));
      const share = all === 0 ? 0 : 1 - areaOf(peakStretches(scenario)) / all;
      if (mixed.length === 0 || share < smallShare) return [];
      return [rampFault(scenario, { mixed, share }, context)];
    });
  },
};

function rampFault(
  scenario: Parameters<typeof stretchesOf>[0],
  { mixed, share }: { mixed: readonly PlannedThreshold[]; share: number },
  context: LintContext,
): Fault {
  const total = stretchesOf(scenario).reduce((sum, { durationMs }) => sum + durationMs, 0);
  const flat = peakStretches(scenario).reduce((sum, { durationMs }) => sum + durationMs, 0);
  const listed = mixed.map(({ key, option }) => `${key} ${option.source}`).join(", ");
  const name = scenario.name === "default" ? "" : ` of ${scenario.name}`;
  return {
    severity: "warning",
    message:
      `${listed}: judged over ramps too; ` +
      (flat === 0
        ? `the load${name} never stays at its highest level`
        : `only ${lengthText(flat)} of ${lengthText(total)}${name} are at the highest level`),
    evidence: [
      ...thresholdEvidence(mixed[0]!, context),
      figure(
        "options",
        `${percentText(share)} of the ${isLooping(scenario) ? "VU time" : "iterations"}${name} lies in ramps and lower levels`,
      ),
    ],
  };
}

function isStatistic({ option }: PlannedThreshold): boolean {
  return /^\s*(?:p\(|avg|med)/u.test(option.source);
}

/** Tags of requests, which a ramp has as well as the peak; any other tag may tell the two apart. */
const requestTags = new Set(
  "check error error_code expected_response group method name proto service status subproto tls_version url".split(
    " ",
  ),
);

function mixesRamp({ subject }: PlannedThreshold, scenario: ScenarioPlan): boolean {
  const { scenario: only, ...others } = subject.selector;
  if (only !== undefined && only !== scenario.name) return false;
  return Object.keys(others).every((tag) => requestTags.has(tag));
}

export const thresholdWithoutSamples: Rule = {
  id: "threshold-without-samples",
  title: "A threshold that never sees a sample",
  why:
    "A threshold on a metric or tag that gets no samples passes: a typing error in a tag switches the criterion off, and nothing says so " +
    "(grafana/k6 issues 1346, 4283).",
  fix: "correct the name, or remove the threshold",
  severities: ["problem", "warning"],
  looksAt: "script and dry run",
  needs: [],
  check(context) {
    const keys = new Set<string>();
    return plannedThresholds(context.plan).flatMap((threshold) => {
      if (keys.has(threshold.key)) return [];
      keys.add(threshold.key);
      return certainlyEmpty(threshold, context) ?? emptyInTrial(threshold, context) ?? [];
    });
  },
};

function certainlyEmpty(threshold: PlannedThreshold, context: LintContext): Fault | undefined {
  const { plan, model, at } = context;
  const { subject, key } = threshold;
  const { scenario } = subject.selector;
  const names = plan.scenarios.map(({ name }) => name);
  if (scenario !== undefined && !names.includes(scenario)) {
    return {
      severity: "problem",
      message: `${key} passes unseen: there is no scenario "${scenario}" (there is ${names.join(", ")})`,
      evidence: thresholdEvidence(threshold, context),
    };
  }
  const declared = model.metrics.filter(({ name }) => name === subject.metricName);
  const isUnused =
    declared.length > 0 && declared.every(({ adds, escapes }) => adds.length === 0 && !escapes);
  if (!isUnused) return undefined;
  const place = at(declared[0]!.node, "declared, never added to");
  return {
    severity: "problem",
    message: `${key} passes unseen: nothing is ever added to ${subject.metricName}`,
    evidence: [...thresholdEvidence(threshold, context), ...(place === undefined ? [] : [place])],
    fix: `call ${subject.metricName}'s add(), or remove the threshold`,
  };
}

function emptyInTrial(threshold: PlannedThreshold, context: LintContext): Fault[] | undefined {
  const { trial } = context;
  const { subject, key } = threshold;
  if (trial === undefined || trial.iterations === 0 || trial.failedIterations > 0) return undefined;
  if (trial.interruptedIterations > 0 || !expectsSamples(subject)) return undefined;
  const fits = trial.series.some(
    ({ metric, tags }) =>
      metric === subject.metricName &&
      Object.entries(subject.selector).every(([tag, value]) => tags[tag] === value),
  );
  if (fits) return undefined;
  return [
    {
      severity: "warning",
      message: `${key} saw no sample in the dry run: if that stays so, it passes unseen`,
      evidence: [...thresholdEvidence(threshold, context), ...valuesSeen(threshold, trial)],
    },
  ];
}

function valuesSeen(
  { subject }: PlannedThreshold,
  trial: NonNullable<LintContext["trial"]>,
): Evidence[] {
  const iterations = counted(trial.iterations, "iteration");
  return Object.keys(subject.selector).map((tag) => {
    const values = new Set(
      trial.series
        .filter(({ metric }) => metric === subject.metricName)
        .flatMap(({ tags }) => tags[tag] ?? []),
    );
    const listed = [...values].slice(0, 5).join(", ");
    const seen = values.size === 0 ? "no value of it" : listed;
    return figure("dry-run", `values of the tag ${tag} in ${iterations}: ${seen}`);
  });
}

export const abortWithoutDelay: Rule = {
  id: "abort-without-delay",
  title: "abortOnFail judges the first samples",
  why:
    "Without delayAbortEval the threshold is judged from the first seconds on: one slow request (a cold cache, the first TLS handshake) " +
    "is most of the samples then, and ends the run (grafana/k6 issues 1737, 2525).",
  fix: 'give it time: { threshold: "…", abortOnFail: true, delayAbortEval: "1m" }',
  severities: ["warning"],
  looksAt: "options",
  needs: [],
  check: (context) =>
    plannedThresholds(context.plan)
      .filter(({ option }) => option.abortOnFail && option.delayAbortEvalMs === 0)
      .map((threshold) => ({
        severity: "warning",
        message: `${threshold.key} ${threshold.option.source} may end the run on its first samples`,
        evidence: thresholdEvidence(threshold, context),
      })),
};

export const averageOnly: Rule = {
  id: "average-only",
  title: "Only averages are judged",
  why: "An average hides the slow ones: with 95 answers of 50 ms and 5 of 5 s it is 298 ms, while one user in twenty waits five seconds.",
  fix: "judge a percentile: p(95)<…, p(99)<…",
  severities: ["info"],
  looksAt: "options",
  needs: [],
  check(context) {
    const all = plannedThresholds(context.plan);
    const metrics = new Set(all.map(({ subject }) => subject.metricName));
    return [...metrics].flatMap((metric): Fault[] => {
      const list = all.filter(({ subject }) => subject.metricName === metric);
      if (list.some(({ option }) => !/^\s*(?:avg|med|min)/u.test(option.source))) return [];
      return [
        {
          severity: "info",
          message: `${metric} is judged by ${list.map(({ option }) => option.source).join(", ")} alone`,
          evidence: thresholdEvidence(list[0]!, context),
        },
      ];
    });
  },
};

/** Samples above the quantile that make it more than chance. */
const samplesAbove = 10;

export const tooFewSamples: Rule = {
  id: "too-few-samples",
  title: "Too few samples for the percentile",
  why:
    "p(q) rests on the samples above it: of 500 samples half a one lies above p(99.9). With fewer than ten the figure is chance, and the " +
    "threshold passes or fails by it.",
  fix: "run longer or at a higher rate, or judge a percentile that the run can resolve",
  severities: ["warning"],
  looksAt: "script and dry run",
  needs: [],
  check: (context) =>
    plannedThresholds(context.plan).flatMap((each) => sampleFault(each, context) ?? []),
};

function sampleFault(threshold: PlannedThreshold, context: LintContext): Fault | undefined {
  const { subject, key, option } = threshold;
  const quantile = quantileOf(threshold);
  const isRequest = subject.metricName.startsWith("http_req_");
  const isCounted = isRequest || subject.metricName === "iteration_duration";
  const { scenario, expected_response: _expected, ...others } = subject.selector;
  if (quantile === undefined || quantile >= 1 || !isCounted) return undefined;
  if (Object.keys(others).length > 0) return undefined;
  const counts = context.plan.scenarios
    .filter(({ name }) => scenario === undefined || name === scenario)
    .map((each) => samplesOf(each, isRequest, context));
  if (counts.length === 0 || !counts.every((count) => count !== undefined)) return undefined;
  const samples = counts.reduce((sum, count) => sum + count, 0);
  const needed = samplesAbove / (1 - quantile);
  if (samples >= needed) return undefined;
  return {
    severity: "warning",
    message: `${key} ${option.source} rests on about ${figureText(samples)} samples; it takes ${figureText(needed)} for ten above it`,
    evidence: [
      ...thresholdEvidence(threshold, context),
      figure("options", `the run takes ${lengthText(runDurationMs(context.plan))}`),
    ],
  };
}

/** Samples that a scenario makes in the run. */
function samplesOf(
  scenario: ScenarioPlan,
  isRequest: boolean,
  context: LintContext,
): number | undefined {
  const figures = iterationFigures(scenario.exec, context);
  if (figures === undefined) return undefined;
  const each = isRequest ? figures.requests : 1;
  if (scenario.executor === "shared-iterations") return scenario.iterations * each;
  if (scenario.executor === "per-vu-iterations") return scenario.iterations * scenario.vus * each;
  const area = areaOf(stretchesOf(scenario));
  if (isOpen(scenario)) return (area / 1_000) * each;
  // A text tells how long an iteration takes at most, so how few samples there are at least: no proof of too few.
  return figures.isMeasured ? (area / figures.durationMs) * each : undefined;
}

function thresholdEvidence(
  { key, option }: PlannedThreshold,
  { model, at }: LintContext,
): Evidence[] {
  const property = model.optionProperty(["thresholds", key]);
  const place = property === undefined ? undefined : at(property);
  return place === undefined ? [figure("options", `${key}: ${option.source}`)] : [place];
}
