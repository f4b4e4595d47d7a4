/**
 * Numbers for people. The first half is k6's end-of-test notation, digit for digit (k6: 7.6): shares and durations are
 * cut, not rounded, bytes are decimal. The second half is ours. A value that is not finite shows as "-" in both.
 */
import { formatCount } from "../base/units.ts";
import type { ValueKind } from "../metrics/index.ts";

export const absent = "-";

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

/** `444.2`, `5,000`: one decimal below 1000, thousands separators from there. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return absent;
  return Math.abs(perSecond) >= 999.95 ? formatWhole(perSecond) : perSecond.toFixed(1);
}

/** A count with thousands separators; beyond what a double counts exactly, in powers of ten. */
export function formatWhole(value: number): string {
  if (!Number.isFinite(value)) return absent;
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? value.toExponential(2) : formatCount(value);
}

/** `12.4 ms`, `2.35 s`: from 10 s on in seconds. */
export function formatLatency(durationMs: number | null): string {
  if (durationMs === null || !Number.isFinite(durationMs)) return absent;
  if (Math.abs(durationMs) >= 9_999.5) return `${formatQuantity(durationMs / 1_000)} s`;
  const digits = Math.abs(durationMs) >= 999.5 ? 0 : durationMs < 9.995 ? 2 : 1;
  return `${digits === 0 ? formatWhole(durationMs) : durationMs.toFixed(digits)} ms`;
}

/** `0.12 %`. A share above zero never shows as zero. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return absent;
  const percent = share * 100;
  return percent > 0 && percent < 0.005 ? "<0.01 %" : `${percent.toFixed(2)} %`;
}

/** A quantity of any size with four significant digits or all digits of its whole part. */
export function formatQuantity(value: number): string {
  if (!Number.isFinite(value)) return absent;
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 9_999.5) return formatWhole(value);
  const digits = size >= 1 ? 4 - Math.ceil(Math.log10(size + 1e-9)) : 4;
  const text =
    size >= 1e-4 ? value.toFixed(Math.max(0, Math.min(4, digits))) : value.toExponential(2);
  const trimmed = text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/u, "") : text;
  return trimmed.replace(/^(-?\d+)/u, (whole) => whole.replace(/\B(?=(?:\d{3})+$)/gu, ","));
}

/** `01:05`, `1:02:03`: whole seconds that have passed. */
export function formatClock(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return absent;
  const total = Math.max(0, Math.floor(durationMs / 1_000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(total / 3_600);
  const rest = `${two(Math.floor((total % 3_600) / 60))}:${two(total % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
