/**
 * The text of a function as the user wrote it, for code that runs elsewhere: a page of a browser. V8 knows the lowered
 * text; where that stands in the program tells, through the lowering's edits, where the original stands in the bundle.
 */
import type { ScriptBundle } from "./load.ts";
import { createProgramMap } from "./positions.ts";

type AnyFunction = (...args: never[]) => unknown;

/** Finds the original of a function's text. Text that is not of the script (a bound or built-in function) is its own. */
export function createSourceFinder(
  bundle: Pick<ScriptBundle, "code" | "factorySource" | "positions">,
): (callee: AnyFunction) => string {
  const { code, factorySource, positions } = bundle;
  const map = createProgramMap(factorySource, positions);
  return (callee) => {
    const text = Function.prototype.toString.call(callee);
    const at = code === undefined ? -1 : factorySource.indexOf(text);
    if (code === undefined || at === -1) return text;
    const first = map.toBundle(at).offset;
    const last = map.toBundle(at + text.length - 1);
    const end = last.generated ? last.end : last.offset + 1;
    return code.slice(withAsync(code, first), end);
  };
}

/** A lowered async function has lost the word before its first character. */
function withAsync(code: string, start: number): number {
  const word = /\basync\s+$/u.exec(code.slice(Math.max(0, start - 64), start));
  return word === null ? start : start - word[0].length;
}
