/** How alike the requests of a target are that are neighbours in time, as several trials show it. */
import { rateOf, type TrialOutcome } from "./trial.ts";

/** Rates so far below (ln), or so little above, have neighbours that are as alike: likeness rises with the load. */
const below = 0.2;
const above = 0.02;

/**
 * The median design effect of an objective over the trials near a rate. Few violations hide likeness, and when most
 * requests break the objective there is none left, so neither of these counts. 1 when nothing is known.
 */
export function usualDeff(trials: readonly TrialOutcome[], id: string, logRate: number): number {
  const known = trials
    .filter((trial) => {
      const distance = Math.log(rateOf(trial)) - logRate;
      return distance >= -below && distance <= above;
    })
    .flatMap(({ rows }) => rows.find((row) => row.id === id)?.count ?? [])
    .filter(({ violations, requests }) => violations > 0 && violations < requests / 2)
    .map(({ deff }) => deff)
    .sort((one, other) => one - other);
  return known[Math.floor((known.length - 1) / 2)] ?? 1;
}
