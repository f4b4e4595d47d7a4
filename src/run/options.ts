/** The options of a run from all their layers: config file < script < demand < environment < flags. */
import type { RunErrorCode } from "./errors.ts";
import { readFileSync } from "node:fs";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Host } from "../base/host.ts";
import type { Logger } from "../base/log.ts";
import type { InitReport } from "../engine/index.ts";
import {
  deriveRunPlan,
  mergeLayers,
  type MergedOptions,
  type OptionLayer,
  optionsFromEnv,
  parseOptions,
  type RunPlan,
} from "../plan/index.ts";
import { type DemandPlan, demandOptions, demandScenarios } from "./demand-plan.ts";
import { activeFeatures, featureTags } from "./features.ts";
import type { RunRequest } from "./request.ts";

/** What a script tells of its options; the functions only where they are to be checked. */
type InitOptions = Pick<InitReport, "options"> &
  Partial<Pick<InitReport, "functions" | "scriptUrl">>;

/** What the layers come from. */
export interface OptionSources {
  readonly request: Pick<RunRequest, "configPath" | "cliOptions" | "features">;
  readonly demand: DemandPlan | undefined;
  readonly host: Host;
  readonly logger: Logger;
}

/** @throws LakhError with k6's exit code 104 for whatever is wrong in any layer */
export function planRun(init: InitOptions, parts: OptionSources): RunPlan {
  const { demand, logger } = parts;
  const plan = deriveRunPlan(mergeRunOptions(init, parts), init.functions);
  if (demand !== undefined) requireDemandLoad(plan, demand);
  for (const warning of plan.warnings) logger.log("warning", warning);
  const keyLogFile = parts.host.env["SSLKEYLOGFILE"];
  if (keyLogFile !== undefined && keyLogFile !== "") {
    logger.log(
      "warning",
      `SSLKEYLOGFILE was specified, logging TLS connection keys to '${keyLogFile}'...`,
    );
  }
  if (plan.unsupported.length > 0) {
    logger.log(
      "warning",
      `these options are set but lakh does not act on them yet: ${plan.unsupported.join(", ")}`,
    );
  }
  return plan;
}

/** All layers, merged; scenarios are not derived yet. @throws as {@link planRun} */
export function mergeRunOptions(init: InitOptions, sources: OptionSources): MergedOptions {
  const features = activeFeatures(sources.request.features, sources.logger);
  return withRunTags(
    mergeLayers(optionLayers(init, sources), { mergesTags: features.includes("merge-run-tags") }),
    featureTags(features),
  );
}

/** The layers, lowest first. @throws as {@link planRun} */
export function optionLayers(
  init: InitOptions,
  { request, demand, host }: OptionSources,
): OptionLayer[] {
  return [
    parseOptions(readConfigFile(request.configPath), "file"),
    parseOptions(init.options ?? {}, "script", init.scriptUrl),
    parseOptions(demand === undefined ? {} : demandOptions(demand), "plan"),
    optionsFromEnv(host.env),
    parseOptions(request.cliOptions, "cli"),
  ];
}

function withRunTags(merged: MergedOptions, tags: Readonly<Record<string, string>>): MergedOptions {
  if (Object.keys(tags).length === 0) return merged;
  const { options } = merged;
  return { ...merged, options: { ...options, tags: { ...options.tags, ...tags } } };
}

/** A verdict on another load than the computed one would be about nothing. */
function requireDemandLoad(plan: RunPlan, demand: DemandPlan): void {
  const wanted = demandScenarios(demand).sort().join(" ");
  if (
    wanted ===
    plan.scenarios
      .map(({ name }) => name)
      .sort()
      .join(" ")
  )
    return;
  throw new LakhError(
    "DEMAND_OVERRIDDEN" satisfies RunErrorCode,
    "--dau computes the load, but flags or K6_ variables set another one",
    {
      hint: "leave out --vus, --duration, --iterations, --stage (and K6_VUS, K6_DURATION, …), or leave out --dau",
      exitCode: exitCodes.invalidConfig,
    },
  );
}

/**
 * The outputs that a config file asks for.
 * @throws LakhError CONFIG_FILE
 */
export function outputsOfConfigFile(path: string | undefined): readonly string[] {
  const { out = [] } = readConfigFile(path) as { out?: unknown };
  if (Array.isArray(out) && out.every((each) => typeof each === "string")) return out;
  throw new LakhError(
    "CONFIG_FILE" satisfies RunErrorCode,
    `cannot use the config file ${path}: "out" must be a list of texts`,
    { hint: 'write it as in "out": ["json=out.json"]', exitCode: exitCodes.invalidConfig },
  );
}

function readConfigFile(path: string | undefined): unknown {
  if (path === undefined) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch (error) {
    throw new LakhError(
      "CONFIG_FILE" satisfies RunErrorCode,
      `cannot use the config file ${path}: ${(error as Error).message}`,
      {
        hint: "--config takes a JSON file of k6 options",
        exitCode: exitCodes.invalidConfig,
        cause: error,
      },
    );
  }
}
