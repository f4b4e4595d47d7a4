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

/**
 * The command line's, else those of K6_OUT, else the config file's; undefined leaves it to the JSON file of --config.
 * `web-dashboard` is none of them, unless it is the real k6 that is to have it.
 */
export function outputsOf(
  { out, runner }: OutputFlags & { readonly runner: "embedded" | "k6" },
  env: Host["env"],
  config: ResolvedConfig | undefined,
): readonly string[] | undefined {
  const asked = out ?? env["K6_OUT"]?.split(",");
  return (runner === "k6" ? asked : splitDashboardOutput(asked).outputs) ?? config?.outputs;
}

const outputName = /^web-dashboard(?:=(?<settings>.*))?$/su;

/**
 * k6's name for it among the outputs: it is none of ours.
 * @returns the others, and its settings when it was there
 */
export function splitDashboardOutput(outputs: readonly string[] | undefined): {
  readonly outputs: readonly string[] | undefined;
  readonly output: string | undefined;
} {
  const found = outputs?.find((each) => outputName.test(each));
  if (found === undefined) return { outputs, output: undefined };
  return {
    outputs: outputs?.filter((each) => !outputName.test(each)),
    output: outputName.exec(found)?.groups?.["settings"] ?? "",
  };
}
