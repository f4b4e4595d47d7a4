/** `lakh plan`: what N daily users mean in requests per second, virtual users and pacing; every step of the arithmetic. */
import { type Command, InvalidArgumentError } from "commander";
import { hasColours } from "../../base/host.ts";
import {
  compareStatedRate,
  computeDemand,
  computeWorkload,
  isStatedRate,
  type StatedRate,
} from "../../plan/index.ts";
import { renderPlan } from "../../report/index.ts";
import type { CommandContext } from "../context.ts";
import { addDemandFlags, type DemandFlags, toDemandInput } from "../demand-flags.ts";
import { positiveNumber, wholeNumber } from "../run-flags.ts";

interface PlanFlags extends DemandFlags {
  readonly dau: number;
  readonly requestsPerIteration: number;
  readonly iterationSeconds: number;
  readonly statedRate?: StatedRate;
  readonly json?: boolean;
}

const footnote = `
What is not given is assumed, and said to be. \`lakh run --dau N script.js\` measures the requests and
the duration of an iteration itself.`;

export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("plan")
    .description("turn daily users into requests/s, VUs and pacing, with every step shown")
    .requiredOption("--dau <n>", "daily active users", wholeNumber);
  addDemandFlags(command);
  command
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
    .option(
      "--stated-rate <rps>",
      "requests/s that somebody has stated for these users, as 500 or 400-500: does it follow from them?",
      rateRange,
    )
    .option("--json", "as JSON")
    .addHelpText("after", footnote)
    .action((flags: PlanFlags) => printPlan(context, flags));
}

function printPlan({ host }: CommandContext, flags: PlanFlags): void {
  const demand = computeDemand(toDemandInput(flags.dau, flags));
  const workload = computeWorkload(demand, {
    requestsPerIteration: flags.requestsPerIteration,
    iterationDurationMs: flags.iterationSeconds * 1_000,
    isMeasured: false,
  });
  const stated =
    flags.statedRate === undefined ? [] : [compareStatedRate(demand, flags.statedRate)];
  const findings = [...stated, ...workload.findings];
  if (flags.json) {
    const plan = { demand, workload: { ...workload, findings } };
    host.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    return;
  }
  const text = renderPlan({
    steps: [...demand.steps, ...workload.steps],
    findings,
    colours: hasColours(host, host.stdout),
    columns: host.stdout.columns,
  });
  host.stdout.write(`${text.trimEnd()}\n`);
}

/** "500", "400-500", "1,000". */
function rateRange(text: string): StatedRate {
  const numbers = text.replaceAll(",", "").split(/[-–]/u).map(Number);
  const [low = NaN, high = low] = numbers;
  if (numbers.length > 2 || !isStatedRate([low, high]))
    throw new InvalidArgumentError(
      "expected a number above 0, or two with the lower one first: 400-500.",
    );
  return [low, high];
}
