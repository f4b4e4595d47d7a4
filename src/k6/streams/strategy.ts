/** Queuing strategies, and the checks that k6 makes of what a script hands to a stream. */

export class CountQueuingStrategy {
  readonly highWaterMark: unknown;
  readonly size: () => number;

  constructor(...args: unknown[]) {
    const [init] = args;
    if (args.length === 0) throw new TypeError("CountQueuingStrategy takes a single argument");
    if (typeof init !== "object" || init === null)
      throw new TypeError("CountQueuingStrategy argument must be an object");
    if (!("highWaterMark" in init))
      throw new TypeError("CountQueuingStrategy argument must have 'highWaterMark' property");
    this.highWaterMark = init.highWaterMark;
    this.size = () => 1;
  }
}

/** What the platform's streams take. */
export interface Strategy {
  readonly highWaterMark: number;
  readonly size?: (chunk: unknown) => number;
}

/** @throws RangeError, TypeError */
export function readStrategy(given: unknown): Strategy {
  const { highWaterMark, size } = (given ?? {}) as { highWaterMark?: unknown; size?: unknown };
  const mark = highWaterMark === undefined ? 1 : Number(highWaterMark);
  if (!(mark >= 0)) throw new RangeError("highWaterMark must be a non-negative number");
  if (size === undefined) return { highWaterMark: mark };
  if (typeof size !== "function") throw new TypeError("size must be a function");
  return { highWaterMark: mark, size: size as (chunk: unknown) => number };
}

type Callbacks<Name extends string> = Partial<Record<Name, (...args: unknown[]) => unknown>>;

/** The functions of an underlying source or sink, as methods of it. @throws TypeError */
export function readCallbacks<Name extends string>(
  given: unknown,
  kind: string,
  names: readonly Name[],
): Callbacks<Name> {
  if (given === undefined) return {};
  if (typeof given !== "object" || given === null) throw new TypeError(`${kind} must be an object`);
  const callbacks: Callbacks<Name> = {};
  for (const name of names) {
    const callback = (given as Record<string, unknown>)[name];
    if (callback === undefined) continue;
    if (typeof callback !== "function")
      throw new TypeError(`${kind}.[[${name}]] must be a function`);
    callbacks[name] = (...args) => callback.apply(given, args) as unknown;
  }
  return callbacks;
}
