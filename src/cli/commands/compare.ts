/** `lakh compare`: is the new side worse than the base? From the records of runs and nothing else. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { hasColours } from "../../base/host.ts";
import { parseDurationMs } from "../../base/units.ts";
import type { Comparison, CompareSettings } from "../../judge/index.ts";
import { writeBaseline } from "../../record/index.ts";
import { lakhVersion } from "../../run/index.ts";
import { assertBaseline, readFigures, readSides } from "../compare-inputs.ts";
import type { CommandContext } from "../context.ts";
import { absolute } from "../perform-run.ts";
import { openPlainLog } from "../run-log.ts";
import { appendMarkdown } from "../step-summary.ts";

const formats = ["text", "json", "junit", "md"] as const;
type CompareFormat = (typeof formats)[number];

interface CompareFlags {
  readonly base?: string[];
  readonly limit: number;
  readonly noise?: number;
  readonly latencyFloor: number;
  readonly errorFloor: number;
  readonly confidence: number;
  readonly allow?: CompareSettings["tolerated"][number][];
  readonly failOn?: "regression";
  readonly saveBaseline?: string;
  readonly all?: boolean;
  readonly format: CompareFormat;
  readonly json?: boolean;
  readonly runsDir: string;
}

const examples = `
Examples:
  lakh compare 20261126-101500-run latest          one run each: the noise within them
  lakh compare --base r1,r2,r3 r4 r5 r6            three or more a side: an exact test on the runs
  lakh compare --save-baseline baselines/shop.json r1 r2 r3 r4 r5
  lakh compare baselines/shop.json latest --fail-on regression --format md

A run is an id, a folder, a record file, "latest", a baseline's file, or a folder of these; "a,b,c" is three.
Exit codes: 0 the comparison is shown; with --fail-on regression 0 no regression, 99 a regression,
3 it cannot be told; 4 always when the runs cannot be compared. More: docs/guide/compare.md.`;

export function addCompareCommand(program: Command, context: CommandContext): void {
  program
    .command("compare")
    .description("tell which differences between runs are real, for all requests and each endpoint")
    .argument(
      "<runs...>",
      "the base, then the runs to compare with it; with --base the latter only",
    )
    .option("--base <run>", "a run of the base; repeat for more", collect)
    .option("--limit <share>", "relative worsening that is allowed", shareBelow1, 0.1)
    .option(
      "--noise <share>",
      "what two runs of one build differ by at most; a larger limit then",
      shareBelow1,
    )
    .option("--latency-floor <time>", "smaller changes of a latency do not count", milliseconds, 5)
    .option("--error-floor <share>", "nor do those of the share of failed requests", share, 0.0002)
    .option("--confidence <share>", "of every limit, one-sided", confidence, 0.95)
    .addOption(
      new Option("--allow <what>", "compare although this is different; repeat for more")
        .choices(["script", "load", "runner"])
        .argParser(collectAllowed),
    )
    .addOption(
      new Option(
        "--fail-on <what>",
        "exit code 99 for a regression, 3 if it cannot be told",
      ).choices(["regression"]),
    )
    .option("--save-baseline <file>", "write the runs as a baseline instead of comparing them")
    .option("--all", "every row, not only those that matter")
    .addOption(
      new Option("--format <name>", "text; json; junit, for CI systems; md, for a comment")
        .choices(formats)
        .default("text"),
    )
    .option("--json", "the same as --format json")
    .option("--runs-dir <folder>", "where run records are", "lakh-runs")
    .addHelpText("after", examples)
    .action((runs: string[], flags: CompareFlags) =>
      flags.saveBaseline === undefined
        ? compare(context, runs, flags)
        : saveBaseline(context, [...(flags.base ?? []), ...runs], flags),
    );
}

async function compare(
  context: CommandContext,
  runs: readonly string[],
  flags: CompareFlags,
): Promise<void> {
  const { host } = context;
  const { compareRuns, exitCodeFor } = await import("../../judge/index.ts");
  const { base, fresh } = await readSides(runs, flags.base ?? [], absolute(context, flags.runsDir));
  const comparison = compareRuns(base, fresh, settingsOf(flags));
  host.stdout.write(await rendered(context, comparison, flags));
  const { logger } = openPlainLog(host);
  const { renderComparisonMarkdown } = await import("../../report/index.ts");
  await appendMarkdown(context, logger, () => renderComparisonMarkdown(comparison));
  const fails = flags.failOn === "regression" || comparison.verdict === "INVALID";
  if (fails) context.exitCode = exitCodeFor(comparison);
}

async function rendered(
  { host }: CommandContext,
  comparison: Comparison,
  flags: CompareFlags,
): Promise<string> {
  const report = await import("../../report/index.ts");
  const style = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
  const forms: Readonly<Record<CompareFormat, () => string | Promise<string>>> = {
    text: () => report.renderComparison(comparison, { ...style, showsAll: flags.all === true }),
    json: async () => {
      const { toCompareDocument } = await import("../compare-document.ts");
      return `${JSON.stringify(toCompareDocument(comparison), null, 2)}\n`;
    },
    junit: () => report.renderJUnit(report.comparisonOutcome(comparison)),
    md: () => report.renderComparisonMarkdown(comparison),
  };
  return forms[flags.json === true ? "json" : flags.format]();
}

/** A run that says nothing of its target must not become what others are held against. */
async function saveBaseline(
  context: CommandContext,
  names: readonly string[],
  flags: CompareFlags,
): Promise<void> {
  const { host } = context;
  const runs = await readFigures(names, absolute(context, flags.runsDir));
  await assertBaseline(runs);
  const path = absolute(context, flags.saveBaseline!);
  writeBaseline(path, { baselineVersion: 1, lakhVersion: lakhVersion(), runs });
  const count = runs.length === 1 ? "1 run" : `${runs.length} runs`;
  host.stdout.write(
    `${flags.saveBaseline}: a baseline of ${count}\nCompare with it: lakh compare ${flags.saveBaseline} latest\n`,
  );
}

function settingsOf(flags: CompareFlags): CompareSettings {
  return {
    limitShare: Math.max(flags.limit, flags.noise ?? 0),
    latencyFloorMs: flags.latencyFloor,
    errorFloorShare: flags.errorFloor,
    confidence: flags.confidence,
    tolerated: flags.allow ?? [],
  };
}

function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

function collectAllowed(value: string, previous: unknown): string[] {
  if (!["script", "load", "runner"].includes(value))
    throw new InvalidArgumentError("expected script, load or runner.");
  return collect(value, previous as string[] | undefined);
}

/** "10%" and "0.1" are the same. */
function share(text: string): number {
  const [, number, percent] = /^(\d*\.?\d+)\s*(%?)$/u.exec(text) ?? [];
  const value = Number(number) / (percent === "%" ? 100 : 1);
  if (!(value >= 0 && value <= 1))
    throw new InvalidArgumentError('expected a share from 0 to 1, or a percentage such as "10%".');
  // 0.02 % is 0.00019999999999999998 in binary.
  return Number(value.toPrecision(12));
}

function shareBelow1(text: string): number {
  const value = share(text);
  if (value >= 1) throw new InvalidArgumentError("expected a share below 1.");
  return value;
}

function confidence(text: string): number {
  const value = share(text);
  if (value < 0.5 || value >= 0.9999)
    throw new InvalidArgumentError("expected a share from 0.5 to 0.999.");
  return value;
}

function milliseconds(text: string): number {
  const value = parseDurationMs(text);
  if (value === undefined || value < 0)
    throw new InvalidArgumentError("expected a duration, for example 5ms.");
  return value;
}
