/** `lakh report`: the report and the verdict of a run, a campaign or a search, computed anew from records and nothing else. */
import { type Command, Option } from "commander";
import { hasColours } from "../../base/host.ts";
import type { CommandContext } from "../context.ts";
import { absolute } from "../perform-run.ts";
import { readReported, type ReportFormat, reportFormats } from "../reported.ts";

interface ReportFlags {
  readonly runsDir: string;
  readonly format: ReportFormat;
  readonly json?: boolean;
}

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
        "text; json; verdict, JSON of one shape for runs, campaigns and searches; junit, for CI systems; md, for a job's summary or a comment",
      )
        .choices(reportFormats)
        .default("text"),
    )
    .option("--json", "the same as --format json")
    .addHelpText(
      "after",
      "\nExit codes: with a verdict 0 PASS, 99 FAIL, 3 INCONCLUSIVE, 4 INVALID; without one, that of the run.",
    )
    .action(async (run: string, flags: ReportFlags) => {
      const { host } = context;
      const reported = await readReported(run, absolute(context, flags.runsDir));
      const style = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
      host.stdout.write(reported.render(flags.json === true ? "json" : flags.format, style));
      context.exitCode = reported.exitCode;
    });
}
