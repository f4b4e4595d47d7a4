/** `lakh plan`: what N daily users mean in requests per second, virtual users and pacing; every step of the arithmetic. */
import type { Command } from "commander";
import { hasColours } from "../../base/host.ts";
import { computeDemand, computeWorkload } from "../../plan/index.ts";
import { renderPlan } from "../../report/index.ts";
import type { CommandContext } from "../context.ts";
import { addDemandFlags, type DemandFlags, toDemandInput } from "../demand-flags.ts";
import { positiveNumber, wholeNumber } from "../run-flags.ts";

interface PlanFlags extends DemandFlags {
  readonly dau: number;
  readonly requestsPerIteration: number;
  readonly iterationSeconds: number;
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
  host.stdout.write(`${text.trimEnd()}\n`);
}
