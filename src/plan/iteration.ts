/** What is known of an iteration of a script, and what a closed loop of such iterations offers (capacity-methods 1.3). */

/** What is known of the script's iteration. */
export interface IterationProfile {
  /** k. */
  readonly requestsPerIteration: number;
  /** T: from the start of an iteration to its end, sleeps and responses included. */
  readonly iterationDurationMs: number;
  /** False when the duration is an assumption. */
  readonly isMeasured: boolean;
}

/** Requests/s that `vus` VUs offer in a closed loop without pacing: N k / T. */
export function closedLoopRate(
  vus: number,
  { requestsPerIteration, iterationDurationMs }: Omit<IterationProfile, "isMeasured">,
): number {
  return (vus * requestsPerIteration * 1_000) / iterationDurationMs;
}

/** VUs that offer `ratePerSecond` in a closed loop without pacing: L T / k. */
export function closedLoopVus(
  ratePerSecond: number,
  { requestsPerIteration, iterationDurationMs }: Omit<IterationProfile, "isMeasured">,
): number {
  return (ratePerSecond * iterationDurationMs) / (requestsPerIteration * 1_000);
}
