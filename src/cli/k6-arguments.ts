/**
 * k6's way of writing flags, turned into the one that the command parser reads: global flags before the command, flags
 * without a value that get one (`--throw=false`), short flags with `=` (`-u=3`), and flags whose value may be left out.
 * Everything else goes through as typed.
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import type { CliErrorCode } from "./errors.ts";

/** k6's flags that every command has; before the command they mean the same as after it. */
const globalFlags: Readonly<Record<string, "switch" | "value">> = {
  "--address": "value",
  "-a": "value",
  "--config": "value",
  "-c": "value",
  "--log-format": "value",
  "--log-output": "value",
  "--no-color": "switch",
  "--profiling-enabled": "switch",
  "--quiet": "switch",
  "-q": "switch",
  "--secret-source": "value",
  "--verbose": "switch",
  "-v": "switch",
};

const longForms: Readonly<Record<string, string>> = {
  "-p": "--paused",
  "-w": "--throw",
  "-l": "--linger",
  "-q": "--quiet",
  "-v": "--verbose",
};

/** Flags that mean something else than "not given" when they are false: they override a lower layer. */
const optionSwitches: ReadonlySet<string> = new Set([
  "--paused",
  "--no-setup",
  "--no-teardown",
  "--insecure-skip-tls-verify",
  "--no-connection-reuse",
  "--no-vu-connection-reuse",
  "--throw",
  "--discard-response-bodies",
  "--linger",
  "--no-thresholds",
]);

/** k6's flags that are true when they stand alone. */
const switches: ReadonlySet<string> = new Set([
  ...optionSwitches,
  "--include-system-env-vars",
  "--new-machine-readable-summary",
  "--no-usage-report",
  "--exclude-env-vars",
  "--execution-requirements",
  ...Object.keys(longForms),
  ...Object.keys(globalFlags).filter((flag) => globalFlags[flag] === "switch"),
]);

/** The hidden flag that carries `--throw=false` to the option layer. */
export const switchedOffFlag = "--switched-off";

/**
 * The arguments as the command parser reads them.
 * @throws FLAG_BOOLEAN
 */
export function toParserArguments(args: readonly string[]): string[] {
  const ordered = withGlobalsBehind(args);
  const end = ordered.indexOf("--");
  const [flags, rest] = end < 0 ? [ordered, []] : [ordered.slice(0, end), ordered.slice(end)];
  return [...flags.flatMap(toParserArgument), ...rest];
}

/** `-q --address x run script.js` → `run -q --address x script.js`. */
function withGlobalsBehind(args: readonly string[]): string[] {
  let index = 0;
  while (index < args.length) {
    const [name, value] = splitFlag(args[index]!);
    const kind = Object.hasOwn(globalFlags, name) ? globalFlags[name] : undefined;
    if (kind === undefined) break;
    index += kind === "value" && value === undefined ? 2 : 1;
  }
  const command = args[index];
  if (index === 0 || command === undefined || command.startsWith("-")) return [...args];
  return [command, ...args.slice(0, index), ...args.slice(index + 1)];
}

function toParserArgument(argument: string): string[] {
  const [name, value] = splitFlag(argument);
  // `--http-debug script.js`: the value of this flag never stands apart.
  if (argument === "--http-debug") return ["--http-debug=headers"];
  if (value === undefined) return [argument];
  if (switches.has(name)) return toSwitch(name, value);
  return /^-[a-zA-Z]$/u.test(name) ? [name, value] : [argument];
}

function toSwitch(name: string, value: string): string[] {
  const isOn = parseGoBoolean(value);
  if (isOn === undefined)
    throw new LakhError(
      "FLAG_BOOLEAN" satisfies CliErrorCode,
      `invalid argument "${value}" for ${name}: not a boolean`,
      { hint: "write true or false, or the flag alone for true", exitCode: exitCodes.generic },
    );
  const long = longForms[name] ?? name;
  if (isOn) return [long];
  if (long === "--include-system-env-vars") return ["--no-include-system-env-vars"];
  return optionSwitches.has(long) ? [switchedOffFlag, long] : [];
}

/** Go's strconv.ParseBool, which k6 uses for flags and for the variables of its runtime options. */
export function parseGoBoolean(text: string): boolean | undefined {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  return ["0", "f", "F", "false", "FALSE", "False"].includes(text) ? false : undefined;
}

function splitFlag(argument: string): [name: string, value?: string] {
  const match = /^(?<name>--[^=]+|-[a-zA-Z])=(?<value>.*)$/su.exec(argument)?.groups;
  return match === undefined ? [argument] : [match["name"]!, match["value"]!];
}
