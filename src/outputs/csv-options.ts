/**
 * What `--out csv` is told: `file.csv`, or `fileName=file.csv,saveInterval=1s,timeFormat=unix`, over K6_CSV_… variables.
 * The messages are k6's.
 */
import { LakhError } from "../base/errors.ts";
import { parseDurationMs } from "../base/units.ts";
import type { OutputsErrorCode } from "./errors.ts";

export type CsvTimeFormat = (typeof timeFormats)[number];

export interface CsvOptions {
  /** "-" is standard output. */
  readonly fileName: string;
  readonly saveIntervalMs: number;
  readonly timeFormat: CsvTimeFormat;
}

const timeFormats = [
  "unix",
  "unix_milli",
  "unix_micro",
  "unix_nano",
  "rfc3339",
  "rfc3339_nano",
] as const;

const defaults: CsvOptions = { fileName: "file.csv", saveIntervalMs: 1_000, timeFormat: "unix" };

/** @throws LakhError OUTPUT_ARGUMENT */
export function parseCsvOptions(
  argument: string,
  env: Readonly<Record<string, string | undefined>>,
): CsvOptions {
  return { ...defaults, ...fromEnv(env), ...fromArgument(argument) };
}

function fromEnv(env: Readonly<Record<string, string | undefined>>): Partial<CsvOptions> {
  const { K6_CSV_FILENAME: fileName, K6_CSV_SAVE_INTERVAL: interval } = env;
  const timeFormat = env["K6_CSV_TIME_FORMAT"];
  return {
    ...(fileName ? { fileName } : {}),
    ...(interval ? { saveIntervalMs: envInterval(interval) } : {}),
    ...(timeFormat ? { timeFormat: toTimeFormat(timeFormat) } : {}),
  };
}

function envInterval(text: string): number {
  const intervalMs = parseDurationMs(text);
  if (intervalMs !== undefined) return intervalMs;
  throw badArgument(
    `envconfig.Process: assigning K6_CSV_SAVE_INTERVAL to SaveInterval: converting '${text}' to type types.NullDuration. ` +
      `details: time: invalid duration "${text}"`,
  );
}

function fromArgument(argument: string): Partial<CsvOptions> {
  if (argument === "") return {};
  if (!/[=,]/u.test(argument)) return { fileName: argument };
  const options: { -readonly [K in keyof CsvOptions]?: CsvOptions[K] } = {};
  for (const part of argument.split(",")) {
    const [key = "", value = "", ...rest] = part.split("=");
    if (value === "" || rest.length > 0)
      throw badArgument(`couldn't parse "${argument}" as argument for csv output`);
    if (key === "fileName") options.fileName = value;
    else if (key === "saveInterval") options.saveIntervalMs = argumentInterval(value);
    else if (key === "timeFormat") options.timeFormat = toTimeFormat(value);
    else throw badArgument(`unknown key "${key}" as argument for csv output`);
  }
  return options;
}

function argumentInterval(text: string): number {
  const intervalMs = parseDurationMs(text);
  if (intervalMs !== undefined) return intervalMs;
  throw badArgument(`time: invalid duration "${text}"`);
}

function toTimeFormat(text: string): CsvTimeFormat {
  const found = timeFormats.find((each) => each === text);
  if (found !== undefined) return found;
  throw badArgument(`${text} does not belong to TimeFormat values`);
}

function badArgument(reason: string): LakhError {
  return new LakhError(
    "OUTPUT_ARGUMENT" satisfies OutputsErrorCode,
    `could not create the 'csv' output: ${reason}`,
    {
      hint: `write it as in --out csv=file.csv or --out csv=fileName=file.csv,saveInterval=1s,timeFormat=unix (${timeFormats.join(", ")})`,
    },
  );
}
