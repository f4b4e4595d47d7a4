/** `lakh doctor`: is this machine fit to generate the load, and is the target ready for it? */
import { readFile } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import { systemClock } from "../../base/clock.ts";
import { exitCodes, LakhError } from "../../base/errors.ts";
import { hasColours } from "../../base/host.ts";
import { silentLogger } from "../../base/log.ts";
import type { FindingGroup, FindingStatus } from "../../doctor/index.ts";
import { findInstalledK6, inspectScript, lakhVersion, nodeVersion } from "../../run/index.ts";
import type { CliErrorCode } from "../errors.ts";
import type { CommandContext } from "../context.ts";
import { addDemandFlags, type DemandFlags, toDemandInput } from "../demand-flags.ts";
import { absolute } from "../perform-run.ts";
import { collect, positiveNumber, wholeNumber } from "../run-flags.ts";
import { type ScriptFlags, scriptUse } from "../script-argument.ts";

interface DoctorFlags extends DemandFlags {
  readonly vus?: number;
  readonly rps?: number;
  readonly dau?: number;
  readonly env?: string[];
  readonly prometheus?: string;
  readonly runsDir: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  lakh doctor                                              this machine, for 100,000 daily users
  lakh doctor --dau 500000 https://staging.example.com/    and the target: ten requests, no load
  lakh doctor --vus 200 -e BASE_URL=https://staging.example.com script.js
  lakh doctor --prometheus http://127.0.0.1:9090 --json

Exit codes: 0 nothing to fix, 1 something to fix.`;

export function addDoctorCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("doctor")
    .description("check this machine, the target and the tools before a test; sends no load")
    .argument("[target]", "URL of the target, or a script: its addresses and VUs are looked at")
    .option("--vus <n>", "judge the limits for so many VUs", wholeNumber)
    .option("--rps <n>", "and for so many requests a second", positiveNumber)
    .option("--dau <n>", "judge them for so many daily users", wholeNumber)
    .option(
      "-e, --env <NAME=value>",
      "of the script; URLs in values are looked at; repeat for more",
      collect,
    )
    .option("--prometheus <url>", "does this Prometheus take remote write?", httpUrl)
    .option("--runs-dir <folder>", "where run records go", "lakh-runs")
    .option("--json", "the findings as JSON");
  command.optionsGroup("The daily users, for --dau:");
  addDemandFlags(command);
  command
    .addHelpText("after", examples)
    .action((target: string | undefined, flags: DoctorFlags) => runDoctor(context, target, flags));
}

async function runDoctor(
  context: CommandContext,
  target: string | undefined,
  flags: DoctorFlags,
): Promise<void> {
  const { host } = context;
  const { examine, plannedLoad, renderDoctor, toDoctorReport } = await import(
    "../../doctor/index.ts"
  );
  const asked = await readTarget(context, target, flags);
  const load = plannedLoad({
    vus: flags.vus,
    requestsPerSecond: flags.rps,
    users: flags.dau === undefined ? undefined : toDemandInput(flags.dau, flags),
    scriptVus: asked.vus,
  });
  const groups = await examine({
    load,
    targets: asked.urls,
    prometheus: flags.prometheus,
    runsDir: absolute(context, flags.runsDir),
    nodeVersion: nodeVersion().replace(/^v/u, ""),
    userAgent: `lakh/${lakhVersion()}`,
    env: host.env,
    findK6: () => findInstalledK6(host),
    clock: systemClock,
  });
  const report = toDoctorReport([...asked.groups, ...groups], { lakhVersion: lakhVersion(), load });
  const text = flags.json
    ? `${JSON.stringify(report, null, 2)}\n`
    : renderDoctor(report, statusPaint(hasColours(host, host.stdout)));
  host.stdout.write(text);
  context.exitCode = report.status === "fix" ? toFix : exitCodes.ok;
}

/** Exit code when something is to be fixed. */
const toFix = 1;

interface AskedTarget {
  readonly urls: readonly string[];
  readonly vus: number | undefined;
  /** What is to be said of the script. */
  readonly groups: readonly FindingGroup[];
}

/** More addresses than these in a script are hardly its targets. */
const mostTargets = 5;

async function readTarget(
  context: CommandContext,
  target: string | undefined,
  flags: DoctorFlags,
): Promise<AskedTarget> {
  if (target === undefined) return { urls: [], vus: undefined, groups: [] };
  if (/^https?:\/\//u.test(target))
    return { urls: [targetUrl(target)], vus: undefined, groups: [] };
  const { urlsIn } = await import("../../doctor/index.ts");
  const script = await inspect(context, target, flags);
  const text = await readFile(absolute(context, target), "utf8").catch(() => "");
  const given = urlsIn(flags.env ?? []);
  // An address that is given stands in place of the one that the script falls back to.
  const urls = (given.length > 0 ? given : urlsIn([text])).slice(0, mostTargets);
  const addresses =
    urls.length === 0
      ? "no address in its text: give the target's URL, or -e BASE_URL=…"
      : `${urls.length === 1 ? "1 address" : `${urls.length} addresses`} in ${given.length > 0 ? "-e" : "its text"}`;
  const groups = [{ about: target, findings: [script.finding(addresses)] }];
  return { urls, vus: script.vus, groups };
}

/** What a run of the script would need; what is wrong with it is a finding, like all else. */
async function inspect(
  context: CommandContext,
  path: string,
  { env }: DoctorFlags,
): Promise<{
  vus: number | undefined;
  finding: (addresses: string) => FindingGroup["findings"][number];
}> {
  const about = { id: "script", subject: "script" };
  try {
    const flags: ScriptFlags = {
      color: false,
      thresholds: true,
      ...(env === undefined ? {} : { env }),
    };
    const use = await scriptUse(context, path, { flags, withSystemEnv: true });
    const request = { ...use, configPath: undefined, requirements: true };
    const deps = {
      host: context.host,
      clock: systemClock,
      logger: silentLogger,
      minLogLevel: "error",
      openConsole: () => silentLogger,
    } as const;
    const { maxVUs: vus } = JSON.parse(await inspectScript(request, deps)) as { maxVUs: number };
    return {
      vus,
      finding: (addresses) => ({
        ...about,
        status: "ok",
        found: `can be run, with ${vus} ${vus === 1 ? "VU" : "VUs"}; ${addresses}`,
        advice: null,
      }),
    };
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    const { message, hint, code } = error;
    const found = `cannot be run: ${message.split("\n", 1)[0]} (${code})`;
    const finding = { ...about, status: "fix", found, advice: hint ?? "mend the script" } as const;
    return { vus: undefined, finding: () => finding };
  }
}

function targetUrl(text: string): string {
  if (URL.canParse(text)) return text;
  throw new LakhError("DOCTOR_TARGET" satisfies CliErrorCode, `"${text}" is not a URL`, {
    hint: "give an address such as https://staging.example.com/, or the path of a script",
  });
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError("expected a URL that begins with http:// or https://.");
}

function statusPaint(colours: boolean): (status: FindingStatus, text: string) => string {
  const codes: Readonly<Record<FindingStatus, string>> = {
    ok: "32",
    note: "2;37",
    warning: "33",
    fix: "31",
  };
  return (status, text) => (colours ? `\u001b[${codes[status]}m${text}\u001b[0m` : text);
}
