/** Reads the K6_… variables of an output, and says which one cannot be read. An empty one is none. */
import { validateHeaderName, validateHeaderValue } from "node:http";
import { LakhError, type LakhErrorDetails } from "../base/errors.ts";
import { parseDurationMs } from "../base/units.ts";
import type { OutputsErrorCode } from "./errors.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** One setting as it was given: its text, and where, for messages. */
export interface Given {
  readonly text: string;
  /** `K6_INFLUXDB_PUSH_INTERVAL`, or a parameter of an address. */
  readonly from: string;
}

/** The first of `names` that has a value. */
export function givenIn(env: Variables, ...names: readonly string[]): Given | undefined {
  for (const name of names) {
    const text = env[name];
    if (text !== undefined && text !== "") return { text, from: name };
  }
  return undefined;
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

/**
 * Checks that a header can be sent. Its value may be a secret: it stands in no message.
 * @throws LakhError OUTPUT_ARGUMENT
 */
export function checkHeader(outputName: string, name: string, { text, from }: Given): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, text);
  } catch {
    const hint =
      "a header's name is letters, digits and dashes, its value one line of Latin letters";
    throw badSetting(outputName, `${from} has "${name}", which cannot be sent`, hint);
  }
}

/** Percent-encoded text; what is badly encoded (a percent sign of the text itself) stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param remedy what the user can do, with a cause or another exit code where there is one */
export function badSetting(
  outputName: string,
  what: string,
  remedy: string | LakhErrorDetails,
): LakhError {
  return new LakhError(
    "OUTPUT_ARGUMENT" satisfies OutputsErrorCode,
    `could not create the '${outputName}' output: ${what}`,
    typeof remedy === "string" ? { hint: remedy } : remedy,
  );
}
