/** Numbers for people, on terminals and in pages alike. A value that is not finite shows as "-". */
import { formatCount } from "./units.ts";

export const absent = "-";

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

/** "p95" of 0.95, "p99.9" of 0.999. */
export function percentileName(share: number): string {
  return `p${Number((share * 100).toFixed(4))}`;
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
