/** What a request costs the generator, as it is given or as a run shows it. */
import type { Command } from "commander";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { RequestCost } from "../plan/index.ts";
import { readRecord } from "../record/index.ts";
import type { CommandContext } from "./context.ts";
import type { CliErrorCode } from "./errors.ts";
import { absolute } from "./perform-run.ts";
import { positiveNumber } from "./run-flags.ts";

/** Values as commander leaves them. */
export interface CostFlags {
  readonly costPerRequest?: number;
  readonly fromRun?: string;
  readonly runsDir: string;
}

export function addCostFlags(command: Command): void {
  command
    .option(
      "--from-run <run>",
      "what a request costs the generator, from a run: its id, folder, record file, or latest",
    )
    .option("--runs-dir <folder>", "where run records are", "lakh-runs")
    .option("--cost-per-request <ms>", "the same as CPU milliseconds", positiveNumber);
}

/** Undefined when nobody has measured it. @throws LakhError PLAN_COST, RECORD_… */
export async function requestCost(
  context: CommandContext,
  { costPerRequest, fromRun, runsDir }: CostFlags,
): Promise<RequestCost | undefined> {
  if (costPerRequest !== undefined && fromRun !== undefined)
    throw costError("--cost-per-request and --from-run both say it", "give one of them");
  if (costPerRequest !== undefined) {
    const origin = "given (--cost-per-request)";
    return { cpuMsPerRequest: costPerRequest, loopMsPerRequest: costPerRequest, origin };
  }
  if (fromRun === undefined) return undefined;
  const record = await readRecord(fromRun, absolute(context, runsDir));
  const { generatorCost } = await import("../judge/index.ts");
  const cost = generatorCost(record);
  if (cost === undefined)
    throw costError(
      `run ${record.id} does not tell it: its steady state has no requests, or its CPU was not read`,
      "take a run that sent requests for some seconds",
    );
  if (cost.wasSaturated)
    throw costError(
      `run ${record.id} does not tell it: its generator was the bottleneck`,
      "repeat it with less load, or with more --workers",
    );
  return {
    cpuMsPerRequest: cost.cpuMsPerRequest,
    loopMsPerRequest: cost.loopMsPerRequest ?? cost.cpuMsPerRequest,
    origin: `measured (run ${record.id}, at ${Math.round(cost.requestsPerSecond)} requests/s)`,
  };
}

function costError(reason: string, hint: string): LakhError {
  return new LakhError(
    "PLAN_COST" satisfies CliErrorCode,
    `what a request costs the generator is not clear: ${reason}`,
    { hint, exitCode: exitCodes.invalidConfig },
  );
}
