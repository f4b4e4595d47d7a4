/** Numbers as the scorecard prints them: independent of the locale, never more digits than they are worth. */
import { formatCount } from "../base/units.ts";

/** "41.2 ms", "1.35 s". */
export function formatMs(ms: number): string {
  if (Math.abs(ms) >= 1_000) return `${trimmed(ms / 1_000, 2)} s`;
  return `${trimmed(ms, Math.abs(ms) < 1 ? 2 : 1)} ms`;
}

/** "0.1 %", "12 %", "0.0042 %": three significant digits. */
export function formatShare(share: number): string {
  return `${significant(share * 100)} %`;
}

/** Whole numbers with separators from 100 on, else one digit: "444", "12.5". */
export function formatRate(ratePerSecond: number): string {
  return ratePerSecond >= 100 ? formatCount(ratePerSecond) : trimmed(ratePerSecond, 1);
}

/** A length of time that somebody has to wait: "12 s", "3 min", "2.5 h". */
export function formatWait(ms: number): string {
  if (ms < 120_000) return `${formatCount(Math.ceil(ms / 1_000))} s`;
  if (ms < 7_200_000) return `${formatCount(Math.ceil(ms / 60_000))} min`;
  return `${trimmed(ms / 3_600_000, 1)} h`;
}

/** "a", "a and b", "a, b and c". */
export function formatList(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** At most three significant digits without an exponent. */
export function significant(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const digits = Math.max(0, Math.min(8, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return trimmed(value, digits);
}

function trimmed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes(".") ? text.replace(/\.?0+$/u, "") : text;
}
