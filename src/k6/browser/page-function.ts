/**
 * Functions that a script hands to the page. They run in the browser, so it is their text that counts, and that has to
 * be the text the user wrote: what runs in lakh was lowered and reads its globals from the VU.
 */
import type { VuContext } from "../context.ts";

/** What runs in the page: an expression, or a function and its arguments. */
export interface PageCode {
  /** For Playwright: a text, or a function of one argument. */
  readonly code: string | ((argument: unknown) => unknown);
  readonly argument: unknown;
}

/**
 * `given` with `args` as one piece of code. A text that is a function is called, as in k6; other texts are evaluated.
 * `receiver` is true for handles and locators, which put their element before the arguments.
 */
export function toPageCode(
  vu: VuContext,
  given: unknown,
  { args, receiver }: { args: readonly unknown[]; receiver: boolean },
): PageCode {
  if (typeof given === "function") {
    return {
      code: caller(vu.sourceOf(given as (...args: never[]) => unknown), receiver),
      argument: args,
    };
  }
  const text = String(given);
  if (!isFunctionText(text)) return { code: text, argument: undefined };
  return { code: caller(text, receiver), argument: args };
}

/** Text of a script for `addInitScript`. */
export function toInitScript(vu: VuContext, given: unknown, argument: unknown): string {
  if (typeof given === "function")
    return `(${vu.sourceOf(given as (...args: never[]) => unknown)})(${argument === undefined ? "" : JSON.stringify(argument)});`;
  if (typeof given === "object" && given !== null && "content" in given)
    return String(given.content);
  return String(given);
}

/** Playwright sends a function's text: one that spreads its arguments over the given one. */
function caller(source: string, receiver: boolean): (argument: unknown) => unknown {
  const own = asExpression(source);
  const [parameters, given] = receiver ? ["element,args", "element,...args"] : ["args", "...args"];
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the user's function; it runs in the page only
  return new Function(parameters, `return (${own})(${given});`) as (argument: unknown) => unknown;
}

/** A method (`{ read() { … } }`) is no expression by itself. */
function asExpression(source: string): string {
  if (/^(?:async\s+)?(?:function\b|\(|[\w$]+\s*=>)/u.test(source)) return source;
  const [, isAsync = "", rest = source] = /^(async\s+)?(.*)$/su.exec(source) ?? [];
  return `${isAsync}function ${rest}`;
}

function isFunctionText(text: string): boolean {
  return /^\s*(?:async\s+)?(?:function\b|\([^)]*\)\s*=>|[\w$]+\s*=>)/u.test(text);
}
