/** Queries of the generator's own condition: while it is past a limit, nothing that it measured counts. */
import { generatorBounds } from "../limits.ts";
import { type Selection, series } from "../selection.ts";

/** A reading of the worst worker thread, or of the process. */
export function reading(name: string, selection: Selection): string {
  return `max by (testid) (${series(`lakh_generator_${name}`, selection.run)})`;
}

/** How late an iteration may start, and how long the event loop may be held: as the verdict has it. */
export function delayLimit(selection: Selection): string {
  const { delaySeconds, delayRatio } = generatorBounds;
  const tightest = series("lakh_objective", 'objective=~"p[0-9.]+_seconds"', selection.run);
  const stated = `clamp_min(${delayRatio} * min by (testid) (${tightest}), ${delaySeconds})`;
  return `${stated} or 0 * ${reading("loop_utilization", selection)} + ${delaySeconds}`;
}
