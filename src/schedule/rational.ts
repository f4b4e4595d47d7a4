/**
 * Exact rationals for execution segments: "1/3" has no finite decimal, and instances must agree to the last element.
 * Always in lowest terms with a positive denominator.
 */

/** num / den. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

export const zero: Rational = { num: 0n, den: 1n };
export const one: Rational = { num: 1n, den: 1n };

/** Reads a fraction "1/3", a percentage "12.5%" or a decimal "0.2"; undefined for anything else. */
export function parseRational(text: string): Rational | undefined {
  const shape =
    /^\s*(?<sign>[+-]?)(?:(?<num>\d+)\/(?<den>\d+)|(?<whole>\d*)\.?(?<decimals>\d*)(?<percent>%?))\s*$/u;
  const groups = shape.exec(text)?.groups;
  if (!groups) return undefined;
  const sign = groups["sign"] === "-" ? -1n : 1n;
  if (groups["num"] !== undefined) {
    const den = BigInt(groups["den"]!);
    return den === 0n ? undefined : reduce(sign * BigInt(groups["num"]), den);
  }
  const { whole = "", decimals = "", percent } = groups;
  if (whole + decimals === "") return undefined;
  const scale = 10n ** BigInt(decimals.length) * (percent === "%" ? 100n : 1n);
  return reduce(sign * BigInt(whole + decimals), scale);
}

/** "1/3", "0", "1". */
export function formatRational({ num, den }: Rational): string {
  return den === 1n ? `${num}` : `${num}/${den}`;
}

/** Two decimals, as k6's messages show it. */
export function formatFixed2({ num, den }: Rational): string {
  return (Number(num) / Number(den)).toFixed(2);
}

export function subtract(a: Rational, b: Rational): Rational {
  return reduce(a.num * b.den - b.num * a.den, a.den * b.den);
}

/** Negative, zero or positive as a is below, at or above b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.num * b.den - b.num * a.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Greatest common divisor of two numbers that are not both 0. */
export function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function reduce(num: bigint, den: bigint): Rational {
  const divisor = gcd(num, den);
  return divisor === 0n ? zero : { num: num / divisor, den: den / divisor };
}
