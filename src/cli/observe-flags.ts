/** The flags that say where the target's CPU and memory are read, and how they become the part of a run request. */
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import type { ResolvedConfig } from "../config/index.ts";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Host } from "../base/host.ts";
import type { RunRequest } from "../run/index.ts";
import type { CliErrorCode } from "./errors.ts";
import { collect, invalidPair, positiveNumber, splitPair, wholeNumber } from "./run-flags.ts";

/** Values as commander leaves them. */
export interface ObserveFlags {
  readonly observe?: string[];
  readonly observePid?: number[];
  readonly observePrometheus?: string;
  readonly observePreset?: string[];
  readonly observeSelector?: string[];
  readonly observeQuery?: string[];
  readonly observeHeader?: string[];
  readonly targetCores?: number;
}

/** Holds a bearer token for Prometheus, so that it need not stand on the command line. */
const tokenVariable = "LAKH_OBSERVE_TOKEN";

export function addObserveFlags(command: Command): void {
  command
    .option(
      "--observe <url>",
      "read CPU and memory of the target from its /metrics; repeat for more",
      collect,
    )
    .option(
      "--observe-pid <pid>",
      "read them from a local process; repeat for more",
      (text: string, previous: number[] | undefined) => [...(previous ?? []), wholeNumber(text)],
    )
    .option("--observe-prometheus <url>", "read them from a Prometheus that scrapes the target")
    .option(
      "--observe-preset <name>",
      "what to ask it: kubernetes, node-exporter, nodejs, go or jvm; repeat for more",
      collect,
    )
    .option(
      "--observe-selector <label=value>",
      "what belongs to the target, also label=~regex; repeat for more",
      collect,
    )
    .option(
      "--observe-query <name=promql>",
      "a query of your own, for example cpu_cores=…; repeat for more",
      collect,
    )
    .option(
      "--observe-header <name=value>",
      `a header for it; a bearer token may be in ${tokenVariable}; repeat for more`,
      collect,
    )
    .option(
      "--target-cores <n>",
      "cores the target may use, for the CPU objective; else as its limits say, with --observe-pid all of this machine",
      positiveNumber,
    );
}

/** @throws LakhError FLAG_OBSERVE, FLAG_PAIR */
export function toObserveRequest(flags: ObserveFlags, env: Host["env"]): RunRequest["observe"] {
  return {
    urls: flags.observe ?? [],
    pids: flags.observePid ?? [],
    prometheus: toPrometheusRequest(flags, env),
  };
}

/** As stated, by flag or in lakh's config file; a local process may use all of this machine. */
export function targetCoresOf(
  flags: ObserveFlags,
  config: ResolvedConfig | undefined,
  { pids }: RunRequest["observe"],
): number | undefined {
  const stated = flags.targetCores ?? config?.target.cores;
  return stated ?? (pids.length === 0 ? undefined : availableParallelism());
}

function toPrometheusRequest(
  flags: ObserveFlags,
  env: Host["env"],
): RunRequest["observe"]["prometheus"] {
  const details = {
    "--observe-preset": flags.observePreset,
    "--observe-selector": flags.observeSelector,
    "--observe-query": flags.observeQuery,
    "--observe-header": flags.observeHeader,
  };
  if (flags.observePrometheus === undefined) {
    const given = Object.entries(details).find(([, value]) => value !== undefined);
    if (given === undefined) return undefined;
    throw new LakhError(
      "FLAG_OBSERVE" satisfies CliErrorCode,
      `${given[0]} says what to ask a Prometheus, and no Prometheus is given`,
      {
        hint: "add --observe-prometheus http://prometheus:9090",
        exitCode: exitCodes.invalidConfig,
      },
    );
  }
  const token = env[tokenVariable] ?? "";
  return {
    url: flags.observePrometheus,
    presets: flags.observePreset ?? [],
    selector: flags.observeSelector ?? [],
    queries: toPairs("--observe-query", flags.observeQuery),
    headers: {
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
      ...toPairs("--observe-header", flags.observeHeader),
    },
  };
}

/** A header's value may be a secret: what cannot be read is not repeated. */
function toPairs(flag: string, pairs: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, value = ""] = splitPair(pair);
      if (name !== "" && value !== "") return [name, value];
      throw invalidPair(flag, "…", "neither may be empty");
    }),
  );
}
