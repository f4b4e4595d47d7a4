/** Where the marks of an axis stand, and where values come to lie between its ends. */

/** From a value to its place. */
export type Scale = (value: number) => number;

export function linearScale(
  from: number,
  to: number,
  [start, end]: readonly [number, number],
): Scale {
  const length = to - from;
  return (value) => (length === 0 ? start : start + ((value - from) / length) * (end - start));
}

/** For values above zero. */
export function logScale(from: number, to: number, ends: readonly [number, number]): Scale {
  const linear = linearScale(Math.log(from), Math.log(to), ends);
  return (value) => linear(Math.log(value));
}

/** Round values from 0 to `highest`, about `count` of them. */
export function linearTicks(highest: number, count: number): number[] {
  if (!(highest > 0)) return [0];
  const rough = highest / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(highest / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** 1, 2, 5, 10, 20 … between the ends; powers of ten only where that would be many. */
export function logTicks(from: number, to: number): number[] {
  const powers = range(Math.floor(Math.log10(from)), Math.ceil(Math.log10(to)));
  const factors = powers.length > 5 ? [1] : [1, 2, 5];
  return powers
    .flatMap((power) => factors.map((factor) => factor * 10 ** power))
    .filter((value) => value >= from * 0.999 && value <= to * 1.001);
}

const clockStepsMs = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400,
].map((seconds) => seconds * 1_000);

/** Round times from `fromMs` to `toMs`, about `count` of them. */
export function clockTicks(fromMs: number, toMs: number, count: number): number[] {
  const rough = (toMs - fromMs) / count;
  const step =
    clockStepsMs.find((each) => each >= rough) ?? Math.ceil(rough / 86_400_000) * 86_400_000;
  return range(Math.ceil(fromMs / step), Math.floor(toMs / step)).map((index) => index * step);
}

/** A tenth of a pixel is as exact as a picture gets. */
export function toPixel(value: number): number {
  return Math.round(value * 10) / 10;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

const labelHeightPx = 14;

/**
 * Whether the label of each level, of which these are the places from the top, stands below its line: where another line is so
 * close above it that the two labels would be one blot.
 */
export function areLabelsBelow(placesPx: readonly number[]): readonly boolean[] {
  return placesPx.map((place, index) =>
    placesPx.some(
      (other, at) =>
        (other < place || (other === place && at < index)) && place - other < labelHeightPx,
    ),
  );
}
