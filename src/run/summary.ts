/** The end of a run for people: what the script's handleSummary makes of it, or k6's own summary text. */
import { createHash } from "node:crypto";
import { hasColours } from "../base/host.ts";
import type { Engine } from "../engine/index.ts";
import { type SummaryData, toSummaryData } from "../metrics/index.ts";
import type { RunPlan } from "../plan/index.ts";
import { renderSummary } from "../report/index.ts";
import type { LoadPhase } from "./load-phase.ts";
import type { RunDeps, RunRequest } from "./request.ts";
import { writeSummaryFiles } from "./summary-files.ts";

export interface Summary {
  readonly data: SummaryData;
  /** Undefined when the script wrote its own, or none was wanted. */
  readonly text: string | undefined;
}

export async function summarize(
  engine: Engine,
  parts: { plan: RunPlan; load: LoadPhase; request: RunRequest; deps: RunDeps },
): Promise<Summary> {
  const { request, deps } = parts;
  const data = summaryData(parts);
  if (request.summaryMode === "disabled") return { data, text: undefined };
  const files = await engine.summarize(data);
  if (files !== undefined) {
    writeSummaryFiles(files, deps.host, deps.logger);
    return { data, text: undefined };
  }
  const text = renderSummary(data, {
    thresholds: parts.load.thresholdResults,
    colours: hasColours(deps.host, deps.host.stdout),
    mode: request.summaryMode === "full" ? "full" : "compact",
  });
  return { data, text };
}

function summaryData({
  plan,
  load,
  deps,
}: {
  plan: RunPlan;
  load: LoadPhase;
  deps: RunDeps;
}): SummaryData {
  const { options } = plan;
  const { host } = deps;
  return toSummaryData({
    aggregate: load.collector.whole,
    thresholds: load.thresholds,
    results: load.thresholdResults,
    options: {
      summaryTrendStats: options.summaryTrendStats,
      summaryTimeUnit: options.summaryTimeUnit ?? "",
      noColor: !hasColours(host, host.stdout),
    },
    state: {
      isStdOutTTY: host.stdout.isTty,
      isStdErrTTY: host.stderr.isTty,
      testRunDurationMs: load.collector.elapsedMs,
    },
    setupData: load.setupJson === undefined ? undefined : (JSON.parse(load.setupJson) as unknown),
    hash: (path) => createHash("md5").update(path).digest("hex"),
  });
}
