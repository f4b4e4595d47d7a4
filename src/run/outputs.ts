/** The outputs of a run: which are asked for, and what they are told of its metrics. */
import { resolve } from "node:path";
import { formatGoDuration } from "../base/units.ts";
import { parseThresholdSubject } from "../metrics/index.ts";
import { type MetricOptions, openOutputs, type Outputs } from "../outputs/index.ts";
import type { RunPlan } from "../plan/index.ts";
import { lakhVersion } from "./environment.ts";
import { outputsOfConfigFile } from "./options.ts";
import type { RunDeps, RunRequest } from "./request.ts";

/** k6 keeps this one whether or not a threshold asks for it. */
const automaticSubMetric = "http_req_duration{expected_response:true}";

/** @throws LakhError OUTPUT_… when one cannot be opened: the run does not begin then */
export function openRunOutputs(
  plan: RunPlan,
  { request, deps }: { request: RunRequest; deps: RunDeps },
): Promise<Outputs> {
  const { host, logger, clock } = deps;
  const requests = request.outputs ?? outputsOfConfigFile(request.configPath);
  // k6 takes a single empty name for none.
  const isNone = requests.length === 1 && requests[0] === "";
  return openOutputs(isNone ? [] : requests, {
    env: host.env,
    stdout: host.stdout,
    logger,
    clock,
    version: lakhVersion(),
    resolvePath: (path) => resolve(host.cwd, path),
    systemTags: plan.options.systemTags,
    metricOptions: (name) => metricOptionsOf(name, plan.options.thresholds, request.noThresholds),
  });
}

function metricOptionsOf(
  metricName: string,
  thresholds: RunPlan["options"]["thresholds"],
  noThresholds: boolean,
): MetricOptions {
  const names = noThresholds ? [] : new Set([...Object.keys(thresholds), automaticSubMetric]);
  const submetrics = [...names].flatMap((text) => {
    const subject = parseThresholdSubject(text);
    if (subject.metricName !== metricName || subject.name === metricName) return [];
    const suffix = subject.name.slice(metricName.length + 1, -1);
    const tags = Object.entries(subject.selector).sort(([a], [b]) => (a < b ? -1 : 1));
    return [{ name: subject.name, suffix, tags: Object.fromEntries(tags) }];
  });
  return { thresholds: (thresholds[metricName] ?? []).map(toK6), submetrics };
}

function toK6(threshold: RunPlan["options"]["thresholds"][string][number]): unknown {
  const { source, abortOnFail, delayAbortEvalMs } = threshold;
  if (!abortOnFail) return source;
  return {
    threshold: source,
    abortOnFail,
    delayAbortEval: delayAbortEvalMs === 0 ? null : formatGoDuration(delayAbortEvalMs),
  };
}
