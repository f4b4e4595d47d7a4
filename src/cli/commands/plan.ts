/** `lakh plan`: what N daily users mean in requests per second, virtual users and pacing; every step of the arithmetic. */
import type { Command } from "commander";
import { hasColours } from "../../base/host.ts";
import { computeDemand, computeWorkload, type DemandInput } from "../../plan/index.ts";
import { renderPlan } from "../../report/index.ts";
import type { CommandContext } from "../context.ts";
import { positiveNumber, wholeNumber } from "../run-flags.ts";

interface PlanFlags {
  readonly dau: number;
  readonly requestsPerUser?: number;
  readonly peakHours?: number;
  readonly peakShare?: number;
  readonly peakToAverage?: number;
  readonly concurrency?: number;
  readonly growth?: number;
  readonly requestsPerIteration: number;
  readonly iterationSeconds: number;
  readonly json?: boolean;
}

export function addPlanCommand(program: Command, context: CommandContext): void {
  program
    .command("plan")
    .description("turn daily users into requests/s, VUs and pacing, with every step shown")
    .requiredOption("--dau <n>", "daily active users", wholeNumber)
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
    .option("--growth <factor>", "margin for growth", positiveNumber)
    .option(
      "--requests-per-iteration <n>",
      "requests one iteration of the script makes",
      positiveNumber,
      4,
    )
    .option(
      "--iteration-seconds <s>",
      "how long an iteration takes without pacing",
      positiveNumber,
      1.8,
    )
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nWhat is not given is assumed, and said to be. `lakh run --dau N script.js` measures the last two itself.",
    )
    .action((flags: PlanFlags) => printPlan(context, flags));
}

function printPlan({ host }: CommandContext, flags: PlanFlags): void {
  const demand = computeDemand(toDemandInput(flags));
  const workload = computeWorkload(demand, {
    requestsPerIteration: flags.requestsPerIteration,
    iterationDurationMs: flags.iterationSeconds * 1_000,
    isMeasured: false,
  });
  if (flags.json) {
    host.stdout.write(`${JSON.stringify({ demand, workload }, null, 2)}\n`);
    return;
  }
  const text = renderPlan({
    steps: [...demand.steps, ...workload.steps],
    findings: workload.findings,
    colours: hasColours(host, host.stdout),
    columns: host.stdout.columns,
  });
  host.stdout.write(`${text}\n`);
}

/** Only what was given, so that the plan can tell it from what it assumes. */
function toDemandInput(flags: PlanFlags): DemandInput {
  return {
    dau: flags.dau,
    ...(flags.requestsPerUser === undefined
      ? {}
      : { requestsPerUserPerDay: flags.requestsPerUser }),
    ...(flags.peakHours === undefined ? {} : { peakWindowHours: flags.peakHours }),
    ...(flags.peakShare === undefined ? {} : { peakWindowShare: flags.peakShare }),
    ...(flags.peakToAverage === undefined ? {} : { peakToAverage: flags.peakToAverage }),
    ...(flags.concurrency === undefined ? {} : { concurrencyShare: flags.concurrency }),
    ...(flags.growth === undefined ? {} : { growth: flags.growth }),
  };
}
