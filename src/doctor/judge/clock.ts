/** Can times be trusted? Durations come from the monotonic clock, the record's place in time from the wall clock. */
import type { ClockFacts } from "../facts/clock.ts";
import { type Finding, finding } from "../finding.ts";

/** An NTP daemon slews by at most half a millisecond a second; more is a step, or a clock that runs wrong. */
const driftLimit = 0.002;
const readingErrorMs = 2;

export function judgeClock({ driftMs, overMs, isSynchronized }: ClockFacts): Finding[] {
  const what = ["clock", "clock"] as const;
  const drift = `wall and monotonic time apart by ${Math.abs(driftMs).toFixed(1)} ms in ${(overMs / 1_000).toFixed(1)} s`;
  const states = {
    true: "kept by NTP",
    false: "not kept by NTP",
    undefined: "whether NTP keeps it cannot be read here",
  };
  const found = `${drift}; ${states[`${isSynchronized}`]}`;
  if (Math.abs(driftMs) > readingErrorMs + overMs * driftLimit)
    return [
      finding("warning", what, [
        found,
        "somebody sets this clock by steps: readings of the target will not lie where they belong",
      ]),
    ];
  return isSynchronized === false
    ? [
        finding("warning", what, [
          found,
          "switch NTP on (timedatectl set-ntp true), or readings of the target will not lie where they belong",
        ]),
      ]
    : [finding("ok", what, [found])];
}
