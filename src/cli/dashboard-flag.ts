/**
 * Whether a command has a dashboard, and on which port: its flags, else k6's variables. Commands that judge have one by
 * themselves where somebody looks: on a terminal, and not in CI.
 */
import { type Command, InvalidArgumentError } from "commander";
import { systemClock } from "../base/clock.ts";
import type { Host } from "../base/host.ts";
import type { Logger } from "../base/log.ts";
import type { Dashboard } from "../dashboard/index.ts";
import { parseGoBoolean } from "./k6-arguments.ts";
import { splitDashboardOutput } from "./output-flag.ts";
import { notBoolean } from "./runtime-flags.ts";

/** Values as commander leaves them. */
export interface DashboardFlags {
  readonly dashboard?: boolean;
  readonly dashboardPort?: number;
  readonly out?: string[];
  readonly quiet?: boolean;
  /** The real k6 has a dashboard of its own: k6's variables and output are about that. */
  readonly runner: "embedded" | "k6";
}

/** What else decides. */
export interface DashboardUse {
  /** The command has one by itself. */
  readonly isUsual: boolean;
  readonly logger: Logger;
}

/** k6's. */
const defaultPort = 5_665;

export function addDashboardFlags(command: Command): void {
  command
    .option("--dashboard", "serve a live page of the run on loopback; also K6_WEB_DASHBOARD=true")
    .option("--no-dashboard", "do not, where it is usual: on a terminal")
    .option(
      "--dashboard-port <n>",
      "its port, or else the next free one (default: 5665); also K6_WEB_DASHBOARD_PORT",
      port,
    );
}

/**
 * Does the work of a command with its dashboard: undefined when there is to be none, or it cannot be opened, which is told
 * then.
 * @throws LakhError ENV_BOOLEAN, and what `work` throws
 */
export async function withDashboard(
  { host, ...use }: DashboardUse & { readonly host: Host },
  flags: DashboardFlags,
  work: (dashboard: Dashboard | undefined) => Promise<void>,
): Promise<void> {
  const dashboard = await openCommandDashboard(host, flags, use);
  try {
    await work(dashboard);
  } finally {
    await dashboard?.close();
  }
}

/** Opens it, and says where it is. */
async function openCommandDashboard(
  host: Host,
  flags: DashboardFlags,
  use: DashboardUse,
): Promise<Dashboard | undefined> {
  const wanted = portOf(host, flags, use);
  if (wanted === undefined) return undefined;
  const isForBrowser = opensBrowser(host, flags);
  const { openDashboard } = await import("../dashboard/index.ts");
  const dashboard = await openDashboard({
    port: wanted,
    clock: systemClock,
    logger: use.logger,
  });
  if (dashboard === undefined) return undefined;
  if (isForBrowser) void showInBrowser(host, dashboard.url, use.logger);
  if (flags.quiet === true) return dashboard;
  const isOther = wanted !== 0 && !dashboard.url.endsWith(`:${wanted}/`);
  const why = isOther ? ` (port ${wanted} is taken)` : "";
  host.stderr.write(`dashboard: ${dashboard.url}${why}\n`);
  return dashboard;
}

/** @throws LakhError ENV_BOOLEAN */
function opensBrowser(host: Host, flags: DashboardFlags): boolean {
  const text = setting("open", askedOf(host, flags)) ?? "";
  return toBoolean("K6_WEB_DASHBOARD_OPEN", text) === true;
}

/** Beside the run, which waits for nobody. */
async function showInBrowser(host: Host, url: string, logger: Logger): Promise<void> {
  const { openFile } = await import("./open-file.ts");
  const reason = await openFile(url, host);
  if (reason !== undefined)
    logger.log("warning", `the dashboard was not opened in a browser: ${reason}`);
}

/**
 * Where k6's user wants the report as well (`K6_WEB_DASHBOARD_EXPORT`, or `export` of the output); undefined without it, or
 * without a dashboard.
 * @throws LakhError ENV_BOOLEAN
 */
export function dashboardExport(
  host: Host,
  flags: DashboardFlags,
  use: DashboardUse,
): string | undefined {
  const asked = askedOf(host, flags);
  return isWanted(host, flags, { ...use, ...asked }) ? setting("export", asked) : undefined;
}

/** k6's way of asking for one. */
interface Asked {
  readonly variables: Host["env"];
  /** Settings of `--out web-dashboard`; undefined when it was not given. */
  readonly output: string | undefined;
}

function askedOf({ env }: Host, { runner, out }: DashboardFlags): Asked {
  if (runner === "k6") return { variables: {}, output: undefined };
  const { output } = splitDashboardOutput(out ?? env["K6_OUT"]?.split(","));
  return { variables: env, output };
}

const settingNames = ["port", "open", "export"] as const;

/** From the output, else from the variable. */
function setting(
  name: (typeof settingNames)[number],
  { output, variables }: Asked,
): string | undefined {
  const given = output === undefined ? null : new URLSearchParams(output).get(name);
  return given ?? (variables[`K6_WEB_DASHBOARD_${name.toUpperCase()}`] || undefined);
}

/** The port to try first; undefined when there is to be no dashboard. */
function portOf(host: Host, flags: DashboardFlags, use: DashboardUse): number | undefined {
  const asked = askedOf(host, flags);
  if (!isWanted(host, flags, { ...use, ...asked })) return undefined;
  if (flags.dashboardPort !== undefined) return flags.dashboardPort;
  warnOfSettings(asked, use.logger);
  const text = setting("port", asked) ?? "";
  // k6 takes -1 for a dashboard that is not served.
  if (text === "-1") return undefined;
  const wanted = toPort(text);
  if (wanted === undefined && text !== "")
    use.logger.log("warning", `web-dashboard: "${text}" is no port: ${defaultPort} is tried`);
  return wanted ?? defaultPort;
}

/** @throws LakhError ENV_BOOLEAN */
function isWanted(
  { env, stderr }: Host,
  { dashboard }: DashboardFlags,
  { isUsual, output, variables }: DashboardUse & Asked,
): boolean {
  const hasOnlookers = stderr.isTty && !isCi(env);
  const isAsked = output === undefined ? booleanOf(variables) : true;
  return dashboard ?? isAsked ?? (isUsual && hasOnlookers);
}

/** @throws LakhError ENV_BOOLEAN */
function booleanOf(env: Host["env"]): boolean | undefined {
  const name = "K6_WEB_DASHBOARD";
  return toBoolean(name, env[name] ?? "");
}

/** @throws LakhError ENV_BOOLEAN */
function toBoolean(name: string, text: string): boolean | undefined {
  const value = parseGoBoolean(text);
  if (text !== "" && value === undefined) throw notBoolean(name, text);
  return value;
}

function isCi(env: Host["env"]): boolean {
  const { CI: text = "" } = env;
  return text !== "" && text !== "0" && text !== "false";
}

/** `port=8080&period=5s`: some are k6's alone. */
function warnOfSettings({ output = "" }: Asked, logger: Logger): void {
  const names = [...new URLSearchParams(output).keys()];
  const others = names.filter((name) => !(settingNames as readonly string[]).includes(name));
  if (others.length > 0)
    logger.log("warning", `web-dashboard: without effect in lakh: ${others.join(", ")}`);
}

function toPort(text: string): number | undefined {
  return /^\d{1,5}$/u.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

function port(text: string): number {
  const value = toPort(text);
  if (value !== undefined) return value;
  throw new InvalidArgumentError("expected a port from 0 (any) to 65535.");
}
