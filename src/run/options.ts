/** The options of a run from all their layers: config file < script < demand < environment < flags. */
import type { RunErrorCode } from "./errors.ts";
import { readFileSync } from "node:fs";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Host } from "../base/host.ts";
import type { Logger } from "../base/log.ts";
import type { InitReport } from "../engine/index.ts";
import {
  deriveRunPlan,
  mergeOptions,
  optionsFromEnv,
  parseOptions,
  type RunPlan,
} from "../plan/index.ts";
import { type DemandPlan, demandOptions, demandScenario } from "./demand-plan.ts";
import type { RunRequest } from "./request.ts";

/** @throws LakhError with k6's exit code 104 for whatever is wrong in any layer */
export function planRun(
  init: Pick<InitReport, "options"> & Partial<Pick<InitReport, "functions">>,
  parts: { request: RunRequest; demand: DemandPlan | undefined; host: Host; logger: Logger },
): RunPlan {
  const { request, demand, host, logger } = parts;
  const merged = mergeOptions(
    parseOptions(readConfigFile(request.configPath), "file"),
    parseOptions(init.options ?? {}, "script"),
    parseOptions(demand === undefined ? {} : demandOptions(demand), "plan"),
    optionsFromEnv(host.env),
    parseOptions(request.cliOptions, "cli"),
  );
  const plan = deriveRunPlan(merged, init.functions);
  if (demand !== undefined) requireDemandLoad(plan);
  for (const warning of plan.warnings) logger.log("warning", warning);
  if (plan.unsupported.length > 0) {
    logger.log(
      "warning",
      `these options are set but lakh does not act on them yet: ${plan.unsupported.join(", ")}`,
    );
  }
  return plan;
}

/** A verdict on another load than the computed one would be about nothing. */
function requireDemandLoad(plan: RunPlan): void {
  if (plan.scenarios.length === 1 && plan.scenarios[0]!.name === demandScenario) return;
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
