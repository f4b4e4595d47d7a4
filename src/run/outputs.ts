/** The outputs of a run: which are asked for, and what they are told of the run and its metrics. */
import { resolve } from "node:path";
import { exitCodes, LakhError } from "../base/errors.ts";
import { formatGoDuration } from "../base/units.ts";
import { parseThresholdSubject } from "../metrics/index.ts";
import {
  type MetricOptions,
  type ObjectiveFact,
  openOutputs,
  type OutputContext,
  type Output,
  type Outputs,
  type RunFacts,
} from "../outputs/index.ts";
import type { RunPlan } from "../plan/index.ts";
import type { ObjectivesRecord } from "../record/index.ts";
import type { RunContext } from "./context.ts";
import { lakhVersion } from "./environment.ts";
import type { RunErrorCode } from "./errors.ts";
import { outputsOfConfigFile } from "./options.ts";
import type { RunRequest } from "./request.ts";

/** k6 keeps this one whether or not a threshold asks for it. */
const automaticSubMetric = "http_req_duration{expected_response:true}";

/** Each run would write them anew. */
const fileOutputs: ReadonlySet<string> = new Set(["json", "csv"]);

const prometheusOutputs: ReadonlySet<string> = new Set([
  "prometheus",
  "experimental-prometheus-rw",
]);

/**
 * Those that were asked for, and `more`.
 * @throws LakhError OUTPUT_… when one cannot be opened: the run does not begin then
 */
export async function openRunOutputs(
  plan: RunPlan,
  context: RunContext,
  more: readonly Output[],
): Promise<Outputs> {
  const { request, deps } = context;
  const { host, logger, clock } = deps;
  const requests = requestedOutputs(request);
  const outputContext: OutputContext = {
    env: host.env,
    stdout: host.stdout,
    logger,
    clock,
    resolvePath: (path) => resolve(host.cwd, path),
    systemTags: plan.options.systemTags,
    metricOptions: (name) => metricOptionsOf(name, plan.options.thresholds, request.noThresholds),
    run: factsOf(plan, context),
    defaultPrometheusUrl: await monitorUrl(requests, deps),
  };
  return openOutputs(requests, outputContext, more);
}

/** The monitor of this machine, where an output of Prometheus names no other place. */
async function monitorUrl(
  requests: readonly string[],
  { host, logger }: RunContext["deps"],
): Promise<string | undefined> {
  if (!requests.some((each) => prometheusOutputs.has(each))) return undefined;
  const { findMonitor } = await import("../monitor/index.ts");
  const monitor = await findMonitor(host.env);
  if (monitor?.grafanaUrl !== undefined)
    logger.log("info", `the run can be watched at ${monitor.grafanaUrl}`);
  return monitor?.remoteWriteUrl;
}

/** @throws LakhError CONFIG_FILE */
export function requestedOutputs({ outputs, configPath }: RunRequest): readonly string[] {
  const requests = outputs ?? outputsOfConfigFile(configPath);
  // k6 takes a single empty name for none.
  return requests.length === 1 && requests[0] === "" ? [] : requests;
}

/**
 * Whether the outputs are good for one run of several, before anything of it begins.
 * @throws LakhError OUTPUT_MANY_RUNS, CONFIG_FILE
 */
export function checkOutputs(request: RunRequest): void {
  if (request.partOf === undefined) return;
  const names = requestedOutputs(request).map((each) => each.split("=")[0]!);
  const name = names.find((each) => fileOutputs.has(each));
  if (name === undefined) return;
  throw new LakhError(
    "OUTPUT_MANY_RUNS" satisfies RunErrorCode,
    `the output '${name}' writes one file, and this command makes several runs`,
    {
      hint: "leave it out, send to a backend that tells runs apart (--out prometheus=…), or use lakh run",
      exitCode: exitCodes.invalidConfig,
    },
  );
}

function factsOf({ options, scenarios }: RunPlan, context: RunContext): RunFacts {
  const { folder, request, demand, deps } = context;
  const hasScenarioTag = options.systemTags.includes("scenario");
  return {
    id: folder.id,
    script: deps.redactor?.conceal(request.scriptName) ?? request.scriptName,
    lakhVersion: lakhVersion(),
    command: request.label,
    partOf: request.partOf,
    tags: options.tags,
    droppable: scenarios.map(({ name, tags }) => ({
      ...options.tags,
      ...tags,
      ...(hasScenarioTag ? { scenario: name } : {}),
    })),
    objectives: demand === undefined ? [] : objectiveFacts(demand.objectives),
  };
}

/** Objectives as numbers with their units in their names. */
export function objectiveFacts(objectives: ObjectivesRecord): ObjectiveFact[] {
  const { latency, errorShare, requestsPerSecond, cpuShare } = objectives;
  const fact = (name: string, value: number | null | undefined): ObjectiveFact[] =>
    value === null || value === undefined ? [] : [{ name, value }];
  return [
    ...latency.map(({ share, limitMs }) => {
      const percent = Number((share * 100).toFixed(6));
      return { name: `p${percent}_seconds`, value: limitMs / 1_000, limitMs };
    }),
    ...fact("error_ratio", errorShare),
    ...fact("requests_per_second", requestsPerSecond?.min),
    ...fact("cpu_ratio", cpuShare),
  ];
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
