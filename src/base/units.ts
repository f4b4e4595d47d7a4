/**
 * Units as people write and read them: durations ("1m30s"), byte counts, percentages.
 * Durations are k6's: Go's, with whole days before them; a bare number is milliseconds.
 */

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const durationShape = /^[+-]?(?:\d+d)?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*$/u;
/** Go counts nanoseconds in 64 bits: 292 years. */
const longestMs = 2 ** 63 / 1e6;
const durationPart = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d)/gu;

/** Parses `"1m30s"`, `"1d2h"`, `"0"`, a bare number of milliseconds. Returns undefined for anything else. */
export function parseDurationMs(text: unknown): number | undefined {
  if (typeof text === "number") return finiteOrUndefined(text);
  if (typeof text !== "string") return undefined;
  if (/^[+-]?\d+(?:\.\d+)?$/u.test(text)) return finiteOrUndefined(Number(text));
  if (!durationShape.test(text) || !/\d/u.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(durationPart))
    totalMs += Number(amount) * unitMs[unit!]!;
  // To whole nanoseconds, as Go has it: 1.001 s is 1001 ms, not 1000.9999999999999.
  const roundedMs = Math.round(totalMs * 1e6) / 1e6;
  if (roundedMs >= longestMs) return undefined;
  return finiteOrUndefined(text.startsWith("-") ? -roundedMs : roundedMs);
}

/** Go's rendering of a duration, which k6 prints: `1m30s`, `500ms`, `1h0m0s`, `1.5s`, `0s`. */
export function formatGoDuration(durationMs: number): string {
  if (durationMs === 0) return "0s";
  const sign = durationMs < 0 ? "-" : "";
  const ms = Math.abs(durationMs);
  if (ms < 1e-3) return `${sign}${trimZeros(ms * 1e6, 0)}ns`;
  if (ms < 1) return `${sign}${trimZeros(ms * 1e3, 3)}µs`;
  if (ms < 1_000) return `${sign}${trimZeros(ms, 6)}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = `${trimZeros((ms % 60_000) / 1_000, 9)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** A byte count in decimal units, as k6 prints it: `498 B`, `1.4 kB`, `12 MB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let index = 0;
  while (value >= 999.5 && index < units.length - 1) {
    value /= 1_000;
    index++;
  }
  const digits = index === 0 || value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[index]}`;
}

/** A whole number with thousands separators, independent of the locale: `100,000`. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/gu, ",");
}

function finiteOrUndefined(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function trimZeros(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes(".") ? text.replace(/\.?0+$/u, "") : text;
}
