/** The flags that say what is known of the daily users, for `plan` and for `run --dau`. */
import { basename } from "node:path";
import type { Command } from "commander";
import type { ResolvedConfig } from "../config/index.ts";
import type { DemandInput, DemandOrigins } from "../plan/index.ts";
import { positiveNumber } from "./run-flags.ts";

/** Values as commander leaves them. */
export interface DemandFlags {
  readonly requestsPerUser?: number;
  readonly sessionsPerUser?: number;
  readonly requestsPerSession?: number;
  readonly sessionSeconds?: number;
  readonly thinkTime?: number;
  readonly peakHours?: number;
  readonly peakShare?: number;
  readonly peakToAverage?: number;
  readonly concurrency?: number;
  readonly growth?: number;
}

interface DemandFlag {
  readonly name: Exclude<keyof DemandInput, "dau">;
  readonly key: keyof DemandFlags;
  readonly flags: string;
  readonly meaning: string;
}

const demandFlags: readonly DemandFlag[] = [
  {
    name: "requestsPerUserPerDay",
    key: "requestsPerUser",
    flags: "--requests-per-user <n>",
    meaning: "requests a user makes a day",
  },
  {
    name: "sessionsPerUserPerDay",
    key: "sessionsPerUser",
    flags: "--sessions-per-user <n>",
    meaning: "sessions of a user a day",
  },
  {
    name: "requestsPerSession",
    key: "requestsPerSession",
    flags: "--requests-per-session <n>",
    meaning: "requests in a session",
  },
  {
    name: "sessionSeconds",
    key: "sessionSeconds",
    flags: "--session-seconds <s>",
    meaning: "length of a session: how many are there at once follows from it",
  },
  {
    name: "thinkTimeSeconds",
    key: "thinkTime",
    flags: "--think-time <s>",
    meaning: "seconds from one request of a user to the next: the same",
  },
  {
    name: "peakWindowHours",
    key: "peakHours",
    flags: "--peak-hours <n>",
    meaning: "length of the busy part of the day, in hours",
  },
  {
    name: "peakWindowShare",
    key: "peakShare",
    flags: "--peak-share <share>",
    meaning: "share of the day's requests in it, 0 to 1",
  },
  {
    name: "peakToAverage",
    key: "peakToAverage",
    flags: "--peak-to-average <factor>",
    meaning: "busiest minute over the mean of the busy part",
  },
  {
    name: "concurrencyShare",
    key: "concurrency",
    flags: "--concurrency <share>",
    meaning: "share of the daily users that is there at the peak, 0 to 1",
  },
  { name: "growth", key: "growth", flags: "--growth <factor>", meaning: "margin for growth" },
];

export function addDemandFlags(command: Command): void {
  for (const { flags, meaning } of demandFlags) command.option(flags, meaning, positiveNumber);
}

/** Only what was given, so that the plan can tell it from what it assumes. */
export function toDemandInput(dau: number, flags: DemandFlags): DemandInput {
  return { dau, ...givenFlags(flags) };
}

/** What the flags say, and whatever else a config file says; each with where it comes from. */
export function layerDemand(
  flags: DemandFlags & { readonly dau?: number | undefined },
  config: ResolvedConfig | undefined,
): { readonly input: Partial<DemandInput>; readonly origins: DemandOrigins } {
  const given = givenFlags(flags);
  if (flags.dau !== undefined) given["dau"] = flags.dau;
  const input = { ...config?.audience, ...given };
  const file = config === undefined ? "" : basename(config.file);
  const origins = Object.keys(input).map((name) => [name, name in given ? flagOf(name) : file]);
  return { input, origins: Object.fromEntries(origins) as DemandOrigins };
}

function givenFlags(flags: DemandFlags): Record<string, number> {
  return Object.fromEntries(
    demandFlags.flatMap(({ name, key }) => {
      const value = flags[key];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function flagOf(name: string): string {
  const flags = demandFlags.find((each) => each.name === name)?.flags ?? `--${name}`;
  return flags.split(" ")[0]!;
}
