/** The campaign when nobody gives one: from a look whether it works at all to a test for leaks. */
import type { Phase } from "./resolved.ts";

const minuteMs = 60_000;

/** Smoke 50 users for 5 min, load 500 and stress 2,000 and peak 5,000 for 30 min each, soak 1,000 for 4 h. */
export const defaultPhases: readonly Phase[] = [
  phase("smoke", 50, 5),
  phase("load", 500, 30),
  phase("stress", 2_000, 30),
  phase("peak", 5_000, 30),
  phase("soak", 1_000, 240),
];

function phase(name: string, users: number, minutes: number): Phase {
  const objectives = { overall: {}, endpoints: [] };
  return { name, users, durationMs: minutes * minuteMs, warmUpMs: undefined, objectives };
}
