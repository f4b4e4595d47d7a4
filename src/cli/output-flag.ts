/** --out: where samples are sent while a run goes on. */
import type { Command } from "commander";
import type { Host } from "../base/host.ts";
import type { ResolvedConfig } from "../config/index.ts";
import { collect } from "./run-flags.ts";

export interface OutputFlags {
  readonly out?: string[];
}

export function addOutputFlag(command: Command): void {
  command.option(
    "-o, --out <output>",
    "json=file, csv=file, or prometheus, opentelemetry, influxdb, statsd, dogstatsd with =address; repeat for more",
    collect,
  );
}

/** The command line's, else those of K6_OUT, else the config file's; undefined leaves it to the JSON file of --config. */
export function outputsOf(
  { out }: OutputFlags,
  env: Host["env"],
  config: ResolvedConfig | undefined,
): readonly string[] | undefined {
  return out ?? env["K6_OUT"]?.split(",") ?? config?.outputs;
}
