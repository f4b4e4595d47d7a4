/** Reads the K6_… variables of an output, and says which one cannot be read. An empty one is none. */
import { LakhError } from "../base/errors.ts";
import { parseDurationMs } from "../base/units.ts";
import type { OutputsErrorCode } from "./errors.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** One setting as it was given: its text, and where, for messages. */
export interface Given {
  readonly text: string;
  /** `K6_INFLUXDB_PUSH_INTERVAL`, or a parameter of an address. */
  readonly from: string;
}

/** @throws LakhError OUTPUT_ARGUMENT */
export function positiveDuration(outputName: string, { text, from }: Given): number {
  const durationMs = parseDurationMs(text);
  if (durationMs !== undefined && durationMs > 0) return durationMs;
  throw badSetting(outputName, `${from} is "${text}"`, "give a duration above zero, such as 1s");
}

/** @throws LakhError OUTPUT_ARGUMENT */
export function positiveInteger(outputName: string, { text, from }: Given): number {
  const value = /^\d+$/u.test(text) ? Number(text) : 0;
  if (value > 0 && Number.isSafeInteger(value)) return value;
  throw badSetting(outputName, `${from} is "${text}"`, "give a whole number above zero");
}

/**
 * What Go takes for a truth value.
 * @throws LakhError OUTPUT_ARGUMENT
 */
export function truthValue(outputName: string, { text, from }: Given): boolean {
  if (/^(?:1|t|T|true|TRUE|True)$/u.test(text)) return true;
  if (/^(?:0|f|F|false|FALSE|False)$/u.test(text)) return false;
  throw badSetting(outputName, `${from} is "${text}"`, "give true or false");
}

export function badSetting(outputName: string, what: string, hint: string): LakhError {
  return new LakhError(
    "OUTPUT_ARGUMENT" satisfies OutputsErrorCode,
    `could not create the '${outputName}' output: ${what}`,
    { hint },
  );
}
