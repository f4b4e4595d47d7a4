/**
 * The scalars of the config file: what a person may write, and the number with its unit that it becomes.
 * Each says what it expects in words that complete "expected …"; `faults.ts` builds its sentences from them.
 */
import * as z from "zod";
import { parseDurationMs } from "../base/units.ts";
import type { ShareText } from "./config.ts";

/** A scalar: `In` is what may be written. */
type Scalar<Out, In = Out> = z.ZodType<Out, In>;

/** Finite, and more than `bound`. */
export function numberAbove(what: string, bound: number): Scalar<number> {
  return z.number({ error: what }).gt(bound, { error: what });
}

export function wholeNumber(what: string, least: number, most = 1e9): Scalar<number> {
  const error = { error: what };
  return z.int(error).min(least, error).max(most, error);
}

export const text = (what: string): Scalar<string> =>
  z.string({ error: what }).min(1, { error: what });

/** Above 0, as milliseconds. */
export function durationMs(example: string): Scalar<number, string | number> {
  const what = `a duration above 0 such as "${example}", or a number of milliseconds`;
  return z.union([z.string(), z.number()], { error: what }).transform((written, context) => {
    const ms = parseDurationMs(written);
    if (ms !== undefined && ms > 0) return ms;
    return refuse(context, what);
  });
}

/** From 0 to 1; `"5%"` is 0.05. Digits are shifted as text: "0.1%" is 0.001 and not the nearest product. */
export function share(example: string): Scalar<number, ShareText> {
  const what = `a share from 0 to 1 (${example})`;
  const percent = z.templateLiteral([z.number(), "%"]);
  return z.union([percent, z.number()], { error: what }).transform((written, context) => {
    const value = typeof written === "number" ? written : Number(`${written.slice(0, -1)}e-2`);
    return value >= 0 && value <= 1 ? value : refuse(context, what);
  });
}

/** An http or https URL without credentials, which would end up in records. */
export function webUrl(example: string): Scalar<string> {
  const what = `an http or https URL such as "${example}"`;
  return z.string({ error: what }).superRefine((written, context) => {
    const url = URL.canParse(written) ? new URL(written) : undefined;
    if (url === undefined || !/^https?:$/u.test(url.protocol)) context.addIssue(what);
    else if (url.username !== "" || url.password !== "")
      context.addIssue(`${what} without credentials, which belong into env or headers`);
  });
}

/** A host name or address without scheme, port and path. */
export const hostName: Scalar<string> = (() => {
  const what = 'a host without scheme, port and path such as "staging.example.com"';
  return z.string({ error: what }).superRefine((written, context) => {
    const bare = written.includes(":") ? `[${written.replace(/^\[|\]$/gu, "")}]` : written;
    const isHost =
      /^[^/\\?#@*\s]+$/u.test(bare) &&
      URL.canParse(`http://${bare}/`) &&
      new URL(`http://${bare}/`).port === "";
    if (!isHost) context.addIssue(what);
  });
})();

/** Names and values that share no reserved characters with anything; the values stay unseen in messages. */
export const texts: z.ZodType<Record<string, string>, Readonly<Record<string, string>>> = z.record(
  z.string(),
  z.string({ error: "a text" }),
  { error: "names with texts" },
);

/** The share that "p99.9" or "p(99.9)" means; undefined for anything else. */
export function parsePercentile(name: string): number | undefined {
  const digits = /^p(?:\((\d{1,2}(?:\.\d+)?)\)|(\d{1,2}(?:\.\d+)?))$/u.exec(name);
  const written = digits?.[1] ?? digits?.[2];
  const value = written === undefined ? 0 : Number(`${written}e-2`);
  return value > 0 ? value : undefined;
}

function refuse(context: z.core.$RefinementCtx, what: string): never {
  context.addIssue({ code: "custom", message: what });
  return z.NEVER;
}
