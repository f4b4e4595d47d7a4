/** The flags that say what is known of the daily users, for `plan` and for `run --dau`. */
import type { Command } from "commander";
import type { DemandInput } from "../plan/index.ts";
import { positiveNumber } from "./run-flags.ts";

/** Values as commander leaves them. */
export interface DemandFlags {
  readonly requestsPerUser?: number;
  readonly peakHours?: number;
  readonly peakShare?: number;
  readonly peakToAverage?: number;
  readonly concurrency?: number;
  readonly growth?: number;
}

export function addDemandFlags(command: Command): void {
  command
    .option("--requests-per-user <n>", "requests a user makes a day", positiveNumber)
    .option("--peak-hours <n>", "length of the busy part of the day, in hours", positiveNumber)
    .option("--peak-share <share>", "share of the day's requests in it, 0 to 1", positiveNumber)
    .option(
      "--peak-to-average <factor>",
      "busiest minute over the mean of the busy part",
      positiveNumber,
    )
    .option(
      "--concurrency <share>",
      "share of the daily users that is there at the peak, 0 to 1",
      positiveNumber,
    )
    .option("--growth <factor>", "margin for growth", positiveNumber);
}

/** Only what was given, so that the plan can tell it from what it assumes. */
export function toDemandInput(dau: number, flags: DemandFlags): DemandInput {
  const given: Record<string, number | undefined> = {
    requestsPerUserPerDay: flags.requestsPerUser,
    peakWindowHours: flags.peakHours,
    peakWindowShare: flags.peakShare,
    peakToAverage: flags.peakToAverage,
    concurrencyShare: flags.concurrency,
    growth: flags.growth,
  };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return { dau, ...(Object.fromEntries(known) as Omit<DemandInput, "dau">) };
}
