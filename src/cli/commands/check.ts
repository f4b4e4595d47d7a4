/** `lakh check`: what is wrong with a load script, before it is run: by its text, its options and a short dry run. */
import type { Command } from "commander";
import { exitCodes, LakhError } from "../../base/errors.ts";
import { hasColours } from "../../base/host.ts";
import { nearest } from "../../base/nearest.ts";
import { type CheckRequest, type CheckResult, checkScript, type RunDeps } from "../../run/index.ts";
import { confirmedHostsOf } from "../confirmed-hosts.ts";
import type { CommandContext } from "../context.ts";
import { addDemandFlags, type DemandFlags, toDemandInput } from "../demand-flags.ts";
import type { CliErrorCode } from "../errors.ts";
import { withLog } from "../open-log.ts";
import { addReadingFlags, positiveNumber, wholeNumber } from "../run-flags.ts";
import { addScriptFlags, noteRuntimeFlags } from "../runtime-flags.ts";
import { configPath, type ScriptFlags, scriptUse } from "../script-argument.ts";

interface CheckFlags extends ScriptFlags, DemandFlags {
  readonly dau?: number;
  readonly rps?: number;
  readonly dryRun: boolean;
  readonly confirmHost?: string[];
  readonly rule?: string[];
  readonly ignore?: string[];
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const examples = `
Examples:
  lakh check script.js
  lakh check --rps 500 -e BASE_URL=https://staging.example.com script.js
  lakh check --no-dry-run --strict script.js          nothing is sent; for CI

The dry run makes up to 9 iterations of each scenario against the target that the script names.
In the script, \`// lakh-ignore RULE: reason\` sets a rule aside for the next line,
\`// lakh-ignore-file RULE: reason\` for the whole script. The rules: docs/reference/lint-rules.md.
Exit code 0 without problems, 1 with one (with --strict also with a warning); a script that
cannot be run ends as lakh run does.`;

const collect = (value: string, previous: string[] | undefined): string[] => [
  ...(previous ?? []),
  ...value.split(","),
];

export function addCheckCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("check")
    .description("find what is wrong with a load script before it is run")
    .argument("<script>", 'path of a script or archive, or "-" for standard input')
    .option("--rps <n>", "requests per second that the test is to make", positiveNumber)
    .option("--dau <n>", "daily users, of whom that rate follows", wholeNumber)
    .option("--no-dry-run", "look at the script only; send nothing")
    .option("--rule <id>", "apply only this rule; repeat for more", collect)
    .option("--ignore <id>", "leave this rule out; repeat for more", collect)
    .option("--strict", "exit code 1 for warnings, too")
    .option("--json", "as JSON")
    .option(
      "--confirm-host <host>",
      "this host may get more than 50 requests/s from the dry run; repeat for more; also LAKH_CONFIRM_HOST",
      collect,
    )
    .option("--offline", "never fetch https: imports; use the cache only");
  addReadingFlags(command);
  addScriptFlags(command);
  command.optionsGroup("The daily users, for --dau:");
  addDemandFlags(command);
  command.addHelpText("after", examples).action((script: string, flags: CheckFlags) =>
    withLog(context, { flags, script }, async (deps) => {
      noteRuntimeFlags(flags, deps.host, deps.logger);
      const request = await toRequest(context, script, flags);
      const result = await checkScript(request, deps, {
        onDryRun: () => {
          if (deps.host.stderr.isTty && flags.quiet !== true)
            deps.host.stderr.write("dry run: a few iterations of each scenario…\n");
        },
      });
      await show(context, { result, flags, deps });
    }),
  );
}

async function toRequest(
  context: CommandContext,
  script: string,
  flags: CheckFlags,
): Promise<CheckRequest> {
  const isChosen = await ruleChoice(flags);
  const use = await scriptUse(context, script, { flags, withSystemEnv: true });
  return {
    ...use,
    configPath: configPath(context, flags),
    requestsPerSecond: flags.rps,
    users: flags.dau === undefined ? undefined : toDemandInput(flags.dau, flags),
    dryRun: flags.dryRun,
    confirmedHosts: confirmedHostsOf(flags, context.host.env),
    isChosen,
  };
}

/** @throws LakhError CHECK_RULE_UNKNOWN */
async function ruleChoice({ rule, ignore = [] }: CheckFlags): Promise<(id: string) => boolean> {
  const { lintRules } = await import("../../lint/index.ts");
  const known = lintRules.map(({ id }) => id);
  const unknown = [...(rule ?? []), ...ignore].find((id) => !known.includes(id));
  if (unknown !== undefined) throw unknownRule(unknown, known);
  return (id) => (rule === undefined || rule.includes(id)) && !ignore.includes(id);
}

function unknownRule(id: string, known: readonly string[]): LakhError {
  const near = nearest(id, known);
  return new LakhError("CHECK_RULE_UNKNOWN" satisfies CliErrorCode, `there is no rule "${id}"`, {
    hint: near === undefined ? `the rules are ${known.join(", ")}` : `did you mean "${near}"?`,
    exitCode: exitCodes.generic,
  });
}

async function show(
  context: CommandContext,
  parts: { result: CheckResult; flags: CheckFlags; deps: Omit<RunDeps, "events"> },
): Promise<void> {
  const { result, flags, deps } = parts;
  const { host } = context;
  const isStrict = flags.strict === true;
  const ok = !result.findings.some(
    ({ severity }) => severity === "problem" || (isStrict && severity === "warning"),
  );
  const { shownPath, toCheckView } = await import("../check-view.ts");
  for (const { rule, file, line } of result.strayIgnores) {
    const place = `${shownPath(file, host.cwd)}:${line}`;
    deps.logger.log("warning", `lakh-ignore names a rule that does not exist: ${rule}`, { place });
  }
  if (flags.json === true) {
    const { toCheckDocument } = await import("../check-document.ts");
    host.stdout.write(`${JSON.stringify(toCheckDocument(result, ok), null, 2)}\n`);
  } else {
    const { renderCheck } = await import("../../report/index.ts");
    const view = toCheckView(result, { cwd: host.cwd, ok, isStrict });
    const layout = { colours: hasColours(host, host.stdout), columns: host.stdout.columns };
    host.stdout.write(renderCheck(view, layout));
  }
  context.exitCode = ok ? exitCodes.ok : exitCodes.checkProblems;
}
