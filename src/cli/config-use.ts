/** What a config file decides of a run: above what is assumed, below the flags. */
import type { ObserveConfig, ResolvedConfig } from "../config/index.ts";
import { exitCodes, LakhError } from "../base/errors.ts";
import { parseDurationMs } from "../base/units.ts";
import type { DemandRequest, RunRequest } from "../run/index.ts";
import { type DemandFlags, layerDemand } from "./demand-flags.ts";
import type { CliErrorCode } from "./errors.ts";
import type { RunFlags } from "./run-flags.ts";

type LoadFlags = DemandFlags & Pick<RunFlags, "dau" | "warmUp" | "steady">;

/** The load of the daily users that flags and file know; undefined when neither says how many. */
export async function demandRequest(
  flags: LoadFlags,
  config: ResolvedConfig | undefined,
): Promise<DemandRequest | undefined> {
  const { input } = layerDemand(flags, config);
  const { dau } = input;
  if (dau === undefined && config === undefined) return undefined;
  if (dau === undefined) throw noUsers(config?.file);
  const times = {
    warmUpMs: parseDurationMs(flags.warmUp)!,
    steadyMs: parseDurationMs(flags.steady)!,
  };
  const users = { ...input, dau };
  if (config === undefined) return { users, ...times };
  const { statedObjectives } = await import("../config/index.ts");
  const objectives = statedObjectives(config.objectives);
  return { users, ...times, objectives, journeys: config.journeys };
}

/** The file's sources, the flags' with them. @throws LakhError CONFIG_SOURCE */
export function observedBy(
  flags: Pick<RunFlags, "observe" | "observePid">,
  config: ResolvedConfig | undefined,
): RunRequest["observe"] {
  const sources = (config?.observe ?? []).map(readableSource);
  return {
    urls: [...(flags.observe ?? []), ...sources.flatMap(({ url }) => url ?? [])],
    pids: [...(flags.observePid ?? []), ...sources.flatMap(({ pid }) => pid ?? [])],
  };
}

function readableSource(
  source: ObserveConfig,
  index: number,
): { readonly url?: string; readonly pid?: number } {
  if ("process" in source) return { pid: source.process };
  if ("metrics" in source && source.headers === undefined) return { url: source.metrics };
  const what = "metrics" in source ? "a metrics page with headers" : "a Prometheus server";
  throw new LakhError(
    "CONFIG_SOURCE" satisfies CliErrorCode,
    `observe[${index}] of the config file is ${what}, which this command cannot read`,
    {
      hint: "give it a metrics page without headers, or a process id",
      exitCode: exitCodes.invalidConfig,
    },
  );
}

/** Nobody has said how many users there are. */
export function noUsers(configFile: string | undefined): LakhError {
  const where = configFile === undefined ? "" : `, and ${configFile} has no audience.dau`;
  return new LakhError(
    "NO_DAU" satisfies CliErrorCode,
    `the number of daily users is not given${where}`,
    {
      hint: "give --dau N, or audience: { dau: N } in lakh.config.ts",
      exitCode: exitCodes.invalidConfig,
    },
  );
}
