/**
 * The command line: which commands there are, how their errors look, which exit code they end with.
 * Each command is a file in commands/ with its flags beside it.
 */
import { Command, CommanderError } from "commander";
import { exitCodes, LakhError } from "../base/errors.ts";
import { hasColours, type Host } from "../base/host.ts";
import { addArchiveCommand } from "./commands/archive.ts";
import { addCheckCommand } from "./commands/check.ts";
import { addCompareCommand } from "./commands/compare.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addInspectCommand } from "./commands/inspect.ts";
import { addLimitCommand } from "./commands/limit.ts";
import { addMonitorCommand } from "./commands/monitor.ts";
import { addNewCommand } from "./commands/new.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addPlanCommand } from "./commands/plan.ts";
import { addReportCommand } from "./commands/report.ts";
import { addRunCommand } from "./commands/run.ts";
import { addRunsCommand } from "./commands/runs.ts";
import { addTargetCommand } from "./commands/target.ts";
import { addValidateCommand } from "./commands/validate.ts";
import { addVersionCommand } from "./commands/version.ts";
import { lakhVersion } from "../run/index.ts";
import type { CommandContext } from "./context.ts";
import { toParserArguments } from "./k6-arguments.ts";

const examples = `
Examples:
  lakh demo                                     the whole way in a minute, against a small API of its own
  lakh plan --dau 100000                        what 100,000 daily users mean in requests/s and VUs
  lakh run script.js                            a k6 script, as it is
  lakh run --dau 100000 --confirm-host staging.example.com -e BASE_URL=https://staging.example.com script.js
                                                can that backend hold 100,000 daily users?
  lakh validate --dau 100000 script.js          the whole campaign: smoke, load, stress, peak, soak
  lakh doctor https://staging.example.com/      is this machine fit for the load, and the target ready?
  lakh monitor up                               a local Prometheus and Grafana to watch runs with
  lakh report latest                            the verdict again, from the record
  lakh compare baseline.json latest             is this build slower than the last?

Guides: docs/guide/. Exit codes: docs/reference/exit-codes.md.`;

/** Runs one command line; resolves with the exit code of the process. */
export async function runCommandLine(host: Host): Promise<number> {
  const context: CommandContext = { host, exitCode: exitCodes.ok };
  const program = createProgram(context);
  try {
    await program.parseAsync(toParserArguments(host.args), { from: "user" });
    return context.exitCode;
  } catch (error) {
    return reportError(host, error);
  }
}

/** The whole command line; also what the reference page is checked against. */
export function createProgram(context: CommandContext): Command {
  const { host } = context;
  const program = new Command("lakh")
    .description(
      "Can this backend hold N daily active users? lakh runs k6 scripts, watches itself and the target, and signs a verdict.",
    )
    .version(lakhVersion(), "-V, --version", "print the version")
    .addHelpText("after", examples)
    .showSuggestionAfterError(true)
    .helpCommand("help [command]", "help for a command")
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      getOutHelpWidth: () => host.stdout.columns,
      getErrHelpWidth: () => host.stderr.columns,
      outputError: (text, write) => write(text),
    })
    .exitOverride();
  addDemoCommand(program, context);
  addRunCommand(program, context);
  addInspectCommand(program, context);
  addArchiveCommand(program, context);
  addNewCommand(program, context);
  addPlanCommand(program, context);
  addValidateCommand(program, context);
  addLimitCommand(program, context);
  addCheckCommand(program, context);
  addReportCommand(program, context);
  addCompareCommand(program, context);
  addRunsCommand(program, context);
  addDoctorCommand(program, context);
  addMonitorCommand(program, context);
  addTargetCommand(program, context);
  addVersionCommand(program, context);
  return program;
}

function reportError(host: Host, error: unknown): number {
  if (error instanceof CommanderError) {
    const isHelp = error.code === "commander.helpDisplayed" || error.code === "commander.help";
    return isHelp || error.exitCode === 0 ? exitCodes.ok : exitCodes.generic;
  }
  host.stderr.write(`${formatError(error, hasColours(host, host.stderr))}\n`);
  return error instanceof LakhError ? error.exitCode : exitCodes.internalError;
}

/** An error as a person reads it: what, then what to do, then the code to look up. */
function formatError(error: unknown, colours: boolean): string {
  const red = (text: string): string => (colours ? `\u001b[31m${text}\u001b[0m` : text);
  if (!(error instanceof LakhError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${red("internal error:")} ${stack}\nThis is a fault of lakh: please report it with the command you ran.`;
  }
  const hint = error.hint === undefined ? "" : `\n  what to do: ${error.hint}`;
  return `${red("error:")} ${error.message}${hint}\n  code: ${error.code}`;
}
