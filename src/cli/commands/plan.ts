/** `lakh plan`: what N daily users mean in requests per second, virtual users and pacing; every step of the arithmetic. */
import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError } from "commander";
import { hasColours } from "../../base/host.ts";
import {
  compareStatedRate,
  computeDemand,
  computeGenerators,
  computeWorkload,
  type Demand,
  generatorsUnknown,
  isStatedRate,
  loadForms,
  type PlanDocument,
  type StatedRate,
} from "../../plan/index.ts";
import { renderPlan } from "../../report/index.ts";
import { addConfigFlags, type ConfigFlags, readConfig } from "../config-flag.ts";
import { noUsers } from "../config-use.ts";
import type { CommandContext } from "../context.ts";
import { addDemandFlags, type DemandFlags, layerDemand } from "../demand-flags.ts";
import { addCostFlags, type CostFlags, requestCost } from "../request-cost.ts";
import { positiveNumber, wholeNumber } from "../run-flags.ts";

interface PlanFlags extends DemandFlags, ConfigFlags, CostFlags {
  readonly dau?: number;
  readonly requestsPerIteration: number;
  readonly iterationSeconds: number;
  readonly statedRate?: StatedRate;
  readonly generatorCores?: number;
  readonly json?: boolean;
}

const footnote = `
What is not given is assumed, and said to be. \`lakh run --dau N script.js\` measures the requests and
the duration of an iteration itself.`;

export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("plan")
    .description("turn daily users into requests/s, VUs and pacing, with every step shown")
    .option("--dau <n>", "daily active users (default: the config file's)", wholeNumber);
  addConfigFlags(command);
  addDemandFlags(command);
  addIterationFlags(command);
  addCostFlags(command);
  command
    .option(
      "--generator-cores <n>",
      "CPU cores of one generator, machine or pod (default: this machine's)",
      positiveNumber,
    )
    .option("--json", "as JSON")
    .addHelpText("after", footnote)
    .action(async (flags: PlanFlags) => printPlan(context, flags));
}

function addIterationFlags(command: Command): void {
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
    );
}

async function printPlan(context: CommandContext, flags: PlanFlags): Promise<void> {
  const { host } = context;
  const plan = await createPlan(context, flags);
  if (flags.json) {
    host.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    return;
  }
  const { demand, workload, generators, forms, findings } = plan;
  const text = renderPlan({
    steps: [...demand.steps, ...workload.steps, ...(generators?.steps ?? [])],
    forms,
    findings,
    colours: hasColours(host, host.stdout),
    columns: host.stdout.columns,
  });
  host.stdout.write(`${text.trimEnd()}\n`);
}

async function createPlan(context: CommandContext, flags: PlanFlags): Promise<PlanDocument> {
  const config = await readConfig(context, flags);
  const { input, origins } = layerDemand(flags, config);
  const { dau } = input;
  if (dau === undefined) throw noUsers(config?.file);
  const demand = computeDemand({ ...input, dau }, origins);
  const computed = computeWorkload(demand, {
    requestsPerIteration: flags.requestsPerIteration,
    iterationDurationMs: flags.iterationSeconds * 1_000,
    isMeasured: false,
  });
  const { findings, ...workload } = computed;
  const cost = await requestCost(context, flags);
  const cores = flags.generatorCores ?? availableParallelism();
  const generators =
    cost === undefined ? null : computeGenerators(demand.ratePerSecond, cost, cores);
  return {
    configFile: config?.file ?? null,
    demand,
    workload,
    forms: loadForms(demand, computed),
    generators,
    findings: [
      ...statedFindings(demand, flags),
      ...findings,
      ...(generators === null ? [generatorsUnknown] : []),
    ],
  };
}

function statedFindings(demand: Demand, { statedRate }: PlanFlags): PlanDocument["findings"] {
  return statedRate === undefined ? [] : [compareStatedRate(demand, statedRate)];
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
