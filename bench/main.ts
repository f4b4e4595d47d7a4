/**
 * `npm run bench [-- scenario …]`: what lakh costs, beside the load generators that are installed, one scenario after
 * the other: the target on one core, the generator on the other, tools in turn, ratios within a round.
 *
 *     npm run bench -- --list                          the scenarios, the tools and how to install them
 *     npm run bench -- get journey-5000 --rounds 3     some scenarios, three rounds each
 *     npm run bench -- --quick --only lakh,k6          short runs; good for ratios, not for publishing
 *     npm run bench -- --quick --save                  keeps the ratios in bench/baseline.json
 *     npm run bench:check                              quick runs; fails when a ratio is more than 10 % worse than there
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  canPin,
  coreCount,
  endOnSignals,
  generatorCores,
  measure,
  pinSelf,
  targetCore,
  type Window,
} from "./measure.ts";
import { type Job, type Load, type Peer, peers, versionOf } from "./peers.ts";
import {
  alignedTable,
  type Baseline,
  type Comparison,
  compareWithBaseline,
  type Ratios,
  ratiosOf,
  type Result,
  type Results,
  resultTable,
  toResult,
} from "./results.ts";
import { type Goal, type Scenario, scenarios, usualTimes } from "./scenarios.ts";
import { type BenchTarget, startTarget } from "./targets.ts";

const baselineFile = resolve(import.meta.dirname, "..", "..", "bench", "baseline.json");
/** How long the load goes on after the second reading, for a bench that is woken late: of the window, and at least. */
const tail = { share: 0.1, leastSeconds: 2 };

/** Above this many cores of others' work a result is called noisy. */
const noisyOtherCores = 0.1;

interface Settings {
  readonly scenarios: readonly Scenario[];
  readonly form: "full" | "quick";
  readonly rounds: number;
  readonly only: readonly string[] | undefined;
}

interface Tool {
  readonly peer: Peer;
  readonly program: readonly string[];
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      only: { type: "string" },
      save: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
    },
  });
  if (values.list) {
    console.log(listing());
    return;
  }
  const isQuick = values.quick || values.check;
  const settings: Settings = {
    scenarios: chosen(positionals, values.check),
    form: isQuick ? "quick" : "full",
    rounds: Number(values.rounds ?? (values.check ? 3 : 1)),
    only: toolNames(values.only),
  };
  if (!Number.isInteger(settings.rounds) || settings.rounds < 1)
    throw new Error(`--rounds must be a whole number from 1, not ${values.rounds}`);
  endOnSignals();
  pinSelf();
  console.log(machine());
  const all = await runAll(settings);
  if (values.save) save(all, settings.form);
  if (values.check) process.exitCode = (await check(all, settings)) ? 0 : 1;
  else console.log(goalTable(settings.scenarios, all));
}

function chosen(names: readonly string[], isCheck: boolean): readonly Scenario[] {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    const known = scenarios.map(({ name }) => name).join(", ");
    throw new Error(`no scenario is called ${unknown.join(", ")}; there are ${known}`);
  }
  const picked = scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
  const baseline = readBaseline();
  return isCheck ? picked.filter(({ name }) => baseline.quick[name] !== undefined) : picked;
}

function toolNames(only: string | undefined): readonly string[] | undefined {
  const names = only?.split(",").map((name) => name.trim());
  const unknown = names?.filter((name) => !peers.has(name)) ?? [];
  if (unknown.length > 0)
    throw new Error(
      `no tool is called ${unknown.join(", ")}; there are ${[...peers.keys()].join(", ")}`,
    );
  return names;
}

function machine(): string {
  const where = `${cpus()[0]?.model ?? "unknown CPU"}, ${coreCount} cores, Node ${process.version}`;
  return canPin
    ? `${where}; target and bench on core 1, generator on core 0`
    : `${where}; NOTHING IS PINNED (one core, or no taskset): figures mean little`;
}

function listing(): string {
  const rows = scenarios.map(({ name, title, tools }) => [name, title, tools.join(", ")]);
  const tools = [...peers.values()].map((peer) => {
    const program = peer.find();
    return [
      peer.name,
      program === undefined ? "not installed" : versionOf(peer, program).slice(0, 60),
      peer.install,
    ];
  });
  const left = (table: readonly (readonly string[])[]): string =>
    table.map(([a, b, c]) => `  ${a!.padEnd(18)}${b!.padEnd(62)}${c!}`).join("\n");
  return `scenarios\n${left(rows)}\n\ntools\n${left(tools)}`;
}

async function runAll(settings: Settings): Promise<Map<string, Results>> {
  const all = new Map<string, Results>();
  for (const scenario of settings.scenarios) {
    console.log(`\n${scenario.name}: ${scenario.title}`);
    const results = await runScenario(scenario, settings);
    all.set(scenario.name, results);
    console.log(resultTable(results));
    if ([...results.values()].flat().some(({ otherCores }) => otherCores > noisyOtherCores))
      console.log("  NOT QUIET: something else used the machine; figures and ratios may be off");
    if (scenario.note !== undefined) console.log(`  (${scenario.note})`);
  }
  return all;
}

async function runScenario(scenario: Scenario, settings: Settings): Promise<Results> {
  const tools = toolsFor(scenario, settings.only);
  const results = new Map<string, Result[]>(tools.map(({ peer }) => [peer.name, []]));
  for (let round = 0; round < settings.rounds; round++) {
    for (const tool of tools) {
      const result = await runTool(scenario, tool, settings.form);
      if (result !== undefined) results.get(tool.peer.name)!.push(result);
    }
  }
  // a tool that failed once has fewer rounds than the others, and rounds are what is paired
  for (const [name, rounds] of results) if (rounds.length < settings.rounds) results.delete(name);
  return results;
}

function toolsFor(scenario: Scenario, only: readonly string[] | undefined): Tool[] {
  return scenario.tools
    .filter((name) => only === undefined || name.startsWith("lakh") || only.includes(name))
    .flatMap((name) => {
      const peer = peers.get(name)!;
      const program = peer.find();
      if (program === undefined) console.log(`  ${name} is not installed: ${peer.install}`);
      return program === undefined ? [] : [{ peer, program }];
    });
}

/** One tool against a fresh target; undefined, and a line that says why, when it cannot do this. */
async function runTool(
  scenario: Scenario,
  { peer, program }: Tool,
  form: Settings["form"],
): Promise<Result | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "lakh-bench-"));
  const target = await startTarget(scenario.target);
  try {
    const url = target.urls[scenario.load.protocol];
    if (url === undefined) {
      console.log(`  ${peer.name}: needs TLS, and ${target.name} has none: apt-get install nginx`);
      return undefined;
    }
    const { window, seconds, load } = timing(scenario, form);
    const job: Job = { load, url, seconds, folder };
    const args = peer.prepare(job);
    if (args === undefined) return undefined;
    const command = { argv: [...program, ...args], cwd: folder, threads: peer.threads };
    return await measured({ peer, job, target, window }, command);
  } catch (error) {
    console.log(`  ${peer.name} failed: ${(error as Error).message}`);
    process.exitCode = 1;
    return undefined;
  } finally {
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(
  run: { peer: Peer; job: Job; target: BenchTarget; window: Window },
  command: Parameters<typeof measure>[0],
): Promise<Result> {
  const { peer, job, target, window } = run;
  const cost = await measure(command, target, window);
  const cores = generatorCores(peer.threads);
  return toResult(cost, {
    reported: peer.percentiles(job, cost.stdout),
    truth: await target.truth(),
    schedule: peer.schedule?.(job),
    sharesTargetCore: cores.includes(targetCore),
  });
}

/** When to read, how long the tool is told to run, and the load with its count of iterations, in this form. */
function timing(
  { times = usualTimes, requests, load }: Scenario,
  form: Settings["form"],
): { window: Window; seconds: number; load: Load } {
  if (requests !== undefined) {
    const window = requests[form];
    const iterations = Math.ceil(window.toRequests * 1.02); // still running at the second reading
    return {
      window,
      seconds: 0,
      load: { ...load, shape: { kind: "counted", vus: load.shape.vus, iterations } },
    };
  }
  const window = times[form];
  const tailSeconds = Math.max(tail.leastSeconds, Math.ceil(tail.share * window.seconds));
  return { window, seconds: window.warmUpSeconds + window.seconds + tailSeconds, load };
}

function goalTable(of: readonly Scenario[], all: ReadonlyMap<string, Results>): string {
  const rows = of.flatMap(({ name, goals }) =>
    goals.map((goal) => {
      const value = goal.value(all);
      const limit = goal.atLeast === undefined ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`;
      return [
        `${name}: ${goal.name}`,
        value === undefined ? "-" : value.toFixed(2),
        `${limit} ${goal.unit}`,
        verdict(goal, value),
      ];
    }),
  );
  return rows.length === 0 ? "" : `\n${alignedTable([["goal", "value", "asked", ""], ...rows])}`;
}

function verdict({ atLeast, atMost }: Goal, value: number | undefined): string {
  if (value === undefined) return "not measured";
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity) ? "met" : "NOT MET";
}

function readBaseline(): Baseline {
  return JSON.parse(readFileSync(baselineFile, "utf8")) as Baseline;
}

function ratiosOfAll(all: ReadonlyMap<string, Results>): Record<string, Record<string, Ratios>> {
  const kept = [...all].filter(([name]) => scenarios.find((s) => s.name === name)!.hasBaseline);
  return Object.fromEntries(kept.map(([name, results]) => [name, { ...ratiosOf(results) }]));
}

/** Scenarios and tools that were not measured now keep what was known of them. */
function save(all: ReadonlyMap<string, Results>, form: Settings["form"]): void {
  const before = readBaseline();
  const merged: Record<string, Record<string, Ratios>> = {};
  for (const [name, ratios] of [
    ...Object.entries(before[form]),
    ...Object.entries(ratiosOfAll(all)),
  ])
    merged[name] = { ...merged[name], ...ratios };
  writeFileSync(baselineFile, `${JSON.stringify({ ...before, [form]: merged }, null, 2)}\n`);
  console.log(`\nkept the ratios of the ${form} form in ${baselineFile}`);
}

/** A ratio that became worse is measured a second time, since machines are noisy: only what is worse twice counts. */
async function check(all: ReadonlyMap<string, Results>, settings: Settings): Promise<boolean> {
  const baseline = readBaseline().quick;
  const first = compareWithBaseline(baseline, ratiosOfAll(all));
  const doubtful = new Set(first.filter((c) => c.isRegression).map((c) => c.scenario));
  const again = settings.scenarios.filter(({ name }) => doubtful.has(name));
  if (again.length > 0) console.log(`\nworse, so measured again: ${[...doubtful].join(", ")}`);
  const second = compareWithBaseline(
    baseline,
    ratiosOfAll(await runAll({ ...settings, scenarios: again })),
  );
  const final = first.map((comparison) => better(comparison, second));
  const rows = final.map((c) => [
    `${c.scenario} against ${c.against}, ${c.what}`,
    `${c.before} x`,
    `${c.now} x`,
    `${c.worseShare > 0 ? "worse" : "better"} by ${(100 * Math.abs(c.worseShare)).toFixed(1)} %`,
    c.isRegression ? "REGRESSION" : "",
  ]);
  console.log(`\n${alignedTable([["lakh's ratio", "baseline", "now", "", ""], ...rows])}`);
  if (final.length === 0)
    console.log("nothing could be compared: no baseline, or no tool of it is installed");
  return final.length > 0 && !final.some((comparison) => comparison.isRegression);
}

function better(first: Comparison, others: readonly Comparison[]): Comparison {
  const second = others.find(
    (other) =>
      other.scenario === first.scenario &&
      other.against === first.against &&
      other.what === first.what,
  );
  return second !== undefined && second.worseShare < first.worseShare ? second : first;
}

try {
  await main();
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}
