/** What a config file decides of a run: above what is assumed, below the flags. */
import type { ObserveConfig, PrometheusSource, ResolvedConfig } from "../config/index.ts";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Host } from "../base/host.ts";
import { parseDurationMs } from "../base/units.ts";
import type { DemandRequest, RunRequest } from "../run/index.ts";
import { type DemandFlags, layerDemand } from "./demand-flags.ts";
import type { CliErrorCode } from "./errors.ts";
import { type ObserveFlags, toObserveRequest } from "./observe-flags.ts";
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

/** The file's sources and the flags'; a Prometheus of the flags stands for the file's. @throws LakhError CONFIG_SOURCE */
export function observedBy(
  flags: ObserveFlags,
  config: ResolvedConfig | undefined,
  env: Host["env"],
): RunRequest["observe"] {
  const given = toObserveRequest(flags, env);
  const sources = config?.observe ?? [];
  for (const [index, source] of sources.entries()) requireReadable(source, index, sources);
  const prometheus = sources.flatMap((each) => ("prometheus" in each ? [toRequest(each)] : []));
  return {
    urls: [...given.urls, ...sources.flatMap((each) => ("metrics" in each ? [each.metrics] : []))],
    pids: [...given.pids, ...sources.flatMap((each) => ("process" in each ? [each.process] : []))],
    prometheus: given.prometheus ?? prometheus[0],
  };
}

function toRequest({
  prometheus,
  preset,
  selector = {},
  queries = {},
  headers = {},
}: PrometheusSource): NonNullable<RunRequest["observe"]["prometheus"]> {
  return {
    url: prometheus,
    presets: preset === undefined ? [] : [preset],
    selector: Object.entries(selector).map(([label, value]) => `${label}=${value}`),
    queries,
    headers,
  };
}

function requireReadable(
  source: ObserveConfig,
  index: number,
  all: readonly ObserveConfig[],
): void {
  if ("metrics" in source && source.headers !== undefined)
    throw unreadable(index, "a metrics page with headers", "a page without, or a process id");
  const isSecond =
    "prometheus" in source && all.findIndex((each) => "prometheus" in each) !== index;
  if (isSecond) throw unreadable(index, "a second Prometheus", "one Prometheus that has it all");
}

function unreadable(index: number, what: string, instead: string): LakhError {
  return new LakhError(
    "CONFIG_SOURCE" satisfies CliErrorCode,
    `observe[${index}] of the config file is ${what}, which cannot be read`,
    { hint: `name ${instead}`, exitCode: exitCodes.invalidConfig },
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
