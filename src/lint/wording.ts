/** Numbers in the linter's sentences. */
import { formatCount, formatGoDuration } from "../base/units.ts";

/** Three significant digits; whole from 100 on. */
export function figureText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? formatCount(value) : String(Number(value.toPrecision(3)));
}

export function times(value: number): string {
  return `${figureText(value)} times`;
}

/** "1 request", "3 requests". */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A length of time to three digits. */
export function lengthText(durationMs: number): string {
  if (durationMs >= 60_000)
    return formatGoDuration(Math.round(durationMs / 1_000) * 1_000)
      .replace(/(?<=m)0s$/u, "")
      .replace(/(?<=h)0m$/u, "");
  return durationMs >= 1_000
    ? `${figureText(durationMs / 1_000)} s`
    : `${figureText(durationMs)} ms`;
}

export function percentText(share: number): string {
  return `${figureText(share * 100)} %`;
}
