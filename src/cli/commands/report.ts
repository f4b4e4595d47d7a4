/** `lakh report`: the report and the verdict of a run, a campaign or a search, computed anew from records and nothing else. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { LakhError, reasonOf } from "../../base/errors.ts";
import { hasColours } from "../../base/host.ts";
import type { CommandContext } from "../context.ts";
import type { CliErrorCode } from "../errors.ts";
import { reportFileName } from "../html-report.ts";
import { openFile } from "../open-file.ts";
import { absolute } from "../perform-run.ts";
import { readReported, type Reported, type ReportFormat, reportFormats } from "../reported.ts";

interface ReportFlags {
  readonly runsDir: string;
  readonly format: ReportFormat;
  readonly json?: boolean;
  readonly output?: string;
  readonly open?: boolean;
}

const help = `
Examples:
  lakh report                              the latest run, as text
  lakh report --open                       the latest run, in the browser
  lakh report 20261127-101500-run --format html -o load.html

Exit codes: with a verdict 0 PASS, 99 FAIL, 3 INCONCLUSIVE, 4 INVALID; without one, that of the run.`;

export function addReportCommand(program: Command, context: CommandContext): void {
  program
    .command("report")
    .description("the report and the verdict of a run, a campaign or a search, from its records")
    .argument(
      "[run]",
      'the id of a run, a campaign or a search, a folder, a record file, or "latest"',
      "latest",
    )
    .option("--runs-dir <folder>", "where run records are", "lakh-runs")
    .addOption(
      new Option(
        "--format <name>",
        "text; html, one file that needs nothing else; json; verdict, JSON of one shape for runs, campaigns and searches; junit, for CI systems; md, for a job's summary or a comment",
      )
        .choices(reportFormats)
        .default("text"),
    )
    .option("--json", "the same as --format json")
    .option(
      "-o, --output <file>",
      `where it goes, "-" for standard output (default: there; html: ${reportFileName} in the folder of the run)`,
    )
    .addOption(
      new Option("--open", "show it in the browser: --format html").implies({ format: "html" }),
    )
    .addHelpText("after", help)
    .action((run: string, flags: ReportFlags) => report(context, run, flags));
}

async function report(context: CommandContext, run: string, flags: ReportFlags): Promise<void> {
  const { host } = context;
  const format = flags.json === true ? "json" : flags.format;
  if (flags.open === true && (format !== "html" || flags.output === "-")) throw notToBeOpened();
  const reported = await readReported(run, absolute(context, flags.runsDir));
  const style = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
  const text = format === "html" ? await reported.html() : reported.render(format, style);
  const path = pathOf(context, reported, { ...flags, format });
  if (path === undefined) host.stdout.write(text);
  else await write(path, text);
  if (path !== undefined && format === "html") host.stdout.write(`${path}\n`);
  if (path !== undefined && flags.open === true) {
    const reason = await openFile(path, host);
    if (reason !== undefined) host.stderr.write(`not opened: ${reason}; open it yourself\n`);
  }
  context.exitCode = reported.exitCode;
}

/** Undefined: standard output. */
function pathOf(
  context: CommandContext,
  { folder }: Reported,
  { output, format }: ReportFlags,
): string | undefined {
  if (output === "-") return undefined;
  if (output !== undefined) return absolute(context, output);
  return format === "html" ? join(folder, reportFileName) : undefined;
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new LakhError(
      "REPORT_WRITE" satisfies CliErrorCode,
      `the report cannot be written to ${path}: ${reasonOf(cause)}`,
      { hint: "name another file with -o, or - for standard output", cause },
    );
  }
}

function notToBeOpened(): LakhError {
  return new LakhError(
    "REPORT_OPEN" satisfies CliErrorCode,
    "--open shows the HTML report from a file",
    { hint: "leave out --json, --format and -o -, or leave out --open" },
  );
}
