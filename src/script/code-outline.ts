/**
 * What the function at an offset of the bundle is called, and where the call that ends at an offset begins.
 * V8's own names are of no use in lowered code, where most bodies are anonymous arrows. The outline (`outline.ts`) is made
 * once, when the script is loaded; it is arrays of numbers, sorted by offset, which cross to workers as they are.
 */
export interface CodeOutline {
  readonly functions: {
    /** Offsets, ascending; an inner function comes after those around it. */
    readonly starts: Uint32Array;
    readonly ends: Uint32Array;
    /** Where the name stands, for the source map's record of renamed identifiers. */
    readonly nameOffsets: Uint32Array;
    /** Empty for an anonymous function. */
    readonly names: readonly string[];
  };
  readonly calls: {
    /** Offsets after the closing parenthesis, ascending. */
    readonly ends: Uint32Array;
    /** Where V8 places the call: at the last name of the callee. */
    readonly places: Uint32Array;
  };
}

export interface NamedFunction {
  readonly name: string;
  readonly nameOffset: number;
}

/** The innermost function around an offset, undefined at the top level. */
export function functionAt({ functions }: CodeOutline, offset: number): NamedFunction | undefined {
  let index = lastAtOrBefore(functions.starts, offset);
  while (index >= 0 && functions.ends[index]! <= offset) index--;
  if (index < 0) return undefined;
  return { name: functions.names[index]!, nameOffset: functions.nameOffsets[index]! };
}

/** Where the call whose text ends at `end` is placed, undefined when none ends there. */
export function callEndingAt({ calls }: CodeOutline, end: number): number | undefined {
  const index = lastAtOrBefore(calls.ends, end);
  return calls.ends[index] === end ? calls.places[index] : undefined;
}

/** Index of the last of the sorted `starts` that is not after `offset`, -1 when there is none. */
export function lastAtOrBefore(starts: ArrayLike<number>, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
