/** How figures stand in the sentences of a plan. */
import { formatCount } from "../base/units.ts";

/** Three significant digits at most, without trailing zeros. */
export function figure(value: number): string {
  return value >= 100 ? formatCount(value) : String(Number(value.toPrecision(3)));
}

export function seconds(durationMs: number): string {
  return `${figure(durationMs / 1_000)} s`;
}

/** "400 to 500"; one figure when both say the same. */
export function figureRange([low, high]: readonly [number, number]): string {
  const [first, last] = [figure(low), figure(high)];
  return first === last ? first : `${first} to ${last}`;
}
