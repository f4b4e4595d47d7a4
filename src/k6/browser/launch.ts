/** How a browser is started or found: k6's `K6_BROWSER_…` variables. */
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { LaunchOptions } from "playwright-core";
import { parseDurationMs } from "../../base/units.ts";
import { GoError } from "../errors.ts";

type Env = Readonly<Record<string, string | undefined>>;

const defaultTimeoutMs = 30_000;

/** Programs that are looked for on the PATH, and where installers put them otherwise. */
const programs = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "google-chrome-beta",
  "google-chrome-unstable",
  "chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Variables that k6 reads and that have no effect here. */
const unread = [
  "K6_BROWSER_LOG",
  "K6_BROWSER_LOG_CALLER",
  "K6_BROWSER_LOG_CATEGORY_FILTER",
  "K6_BROWSER_SCREENSHOTS_OUTPUT",
  "K6_BROWSER_TRACES_METADATA",
];

/** A sentence for each variable that is set and has no effect. */
export function unreadVariables(env: Env): string[] {
  return unread.filter((name) => env[name]).map((name) => `${name} has no effect in lakh`);
}

/** Addresses of running browsers (`K6_BROWSER_WS_URL`); empty when one is to be started. */
export function remoteAddresses(env: Env): string[] {
  return list(env["K6_BROWSER_WS_URL"]);
}

/** @throws GoError in k6's words when there is no browser, and for a variable that cannot be read */
export function launchOptions(env: Env): LaunchOptions {
  const ignored = list(env["K6_BROWSER_IGNORE_DEFAULT_ARGS"]).map(asFlag);
  return {
    executablePath: env["K6_BROWSER_EXECUTABLE_PATH"] || findBrowser(env),
    headless: readBoolean(env, "K6_BROWSER_HEADLESS", true),
    args: list(env["K6_BROWSER_ARGS"]).map(asFlag),
    timeout: browserTimeoutMs(env),
    ...(ignored.length === 0 ? {} : { ignoreDefaultArgs: ignored }),
    // Signals are the engine's: the browsers of a run end with their iterations.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  };
}

/** Time limit for starting a browser. */
export function browserTimeoutMs(env: Env): number {
  const text = env["K6_BROWSER_TIMEOUT"];
  if (!text) return defaultTimeoutMs;
  const timeoutMs = parseDurationMs(text);
  if (timeoutMs === undefined)
    throw new GoError(`K6_BROWSER_TIMEOUT should be a time duration value: "${text}"`);
  return timeoutMs;
}

function findBrowser(env: Env): string {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const found = programs
    .flatMap((name) => (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name))))
    .find(isProgram);
  if (found !== undefined) return found;
  throw new GoError(
    "lakh couldn't detect google chrome or a chromium-supported browser on this system: " +
      "install one (Debian: apt-get install chromium), or set K6_BROWSER_EXECUTABLE_PATH to its program",
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not executable: not this one
  }
}

function readBoolean(env: Env, name: string, fallback: boolean): boolean {
  const text = env[name];
  if (!text) return fallback;
  if (/^(?:1|t|true)$/iu.test(text)) return true;
  if (/^(?:0|f|false)$/iu.test(text)) return false;
  throw new GoError(`${name} should be a boolean: "${text}"`);
}

/** "no-sandbox,lang=de" */
function list(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function asFlag(argument: string): string {
  return argument.startsWith("-") ? argument : `--${argument}`;
}
