/**
 * Numbers as k6's end-of-test summary has them, digit for digit (k6: 7.6): shares and durations are cut, not rounded,
 * bytes are decimal. What is not finite shows as "-". lakh's own notation is in base/numbers.ts.
 */
import { absent } from "../base/numbers.ts";
import type { ValueKind } from "../metrics/index.ts";

/** k6: `50.00%`, cut after two decimals of the binary product, so 29 of 100 are 28.99% there. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${cut(share * 100).toFixed(2)}%` : absent;
}

/** k6: up to six decimals, no trailing zeros. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return absent;
  const text = value.toFixed(6);
  const trimmed = text.includes("e") ? text : text.replace(/\.?0+$/u, "");
  return trimmed === "-0" ? "0" : trimmed;
}

/** k6: a value by what its metric contains; `timeUnit` "" chooses a unit for each duration. */
export function formatValue(value: number, contains: ValueKind, timeUnit: string): string {
  if (!Number.isFinite(value)) return absent;
  if (contains === "data") return formatData(value);
  return contains === "time" ? formatTime(value, timeUnit) : formatNumber(value);
}

const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/** Unlike `formatBytes`, k6 picks the unit before it rounds: 999,600 B are `1000 kB`. */
function formatData(bytes: number): string {
  const size = Math.abs(bytes);
  const sign = bytes < 0 ? "-" : "";
  if (size < 10) return `${sign}${Math.trunc(size)} B`;
  let unit = 0;
  let value = size;
  for (; value >= 1_000 && unit < byteUnits.length - 1; unit++) value /= 1_000;
  const rounded = Math.floor(value * 10 + 0.5) / 10;
  return `${sign}${rounded.toFixed(rounded < 10 ? 1 : 0)} ${byteUnits[unit]!}`;
}

const fixedUnits: Readonly<Record<string, readonly [perMs: number, suffix: string]>> = {
  s: [0.001, "s"],
  ms: [1, "ms"],
  us: [1_000, "µs"],
};

function formatTime(durationMs: number, timeUnit: string): string {
  const fixed = fixedUnits[timeUnit];
  if (fixed !== undefined) return (durationMs * fixed[0]).toFixed(2) + fixed[1];
  if (durationMs === 0) return "0s";
  if (durationMs < 0.001) return `${Math.trunc(durationMs * 1e6)}ns`;
  if (durationMs < 1) return `${cut(durationMs * 1_000)}µs`;
  if (durationMs < 1_000) return `${cut(durationMs)}ms`;
  if (durationMs < 60_000) return `${cut(durationMs / 1_000)}s`;
  const totalSeconds = Math.trunc(durationMs / 1_000);
  const minutes = Math.floor(totalSeconds / 60);
  const rest = `${minutes % 60}m${totalSeconds % 60}s`;
  return minutes >= 60 ? `${Math.floor(minutes / 60)}h${rest}` : rest;
}

/** Two decimals at most, the rest cut off. */
function cut(value: number): number {
  return Math.trunc(value * 100) / 100;
}
