/**
 * The generator's condition while a run goes on: what the verdict would say of it if the run ended now, or something worse
 * that the last seconds say. Whoever shows it asks the same watch the same way, so that two views of a run never disagree.
 */
import { type GeneratorEvidence, type GeneratorFinding, judgeGeneratorSoFar } from "./generator.ts";

/** A condition, the stretch of the run that it is of, and why it is so: no reason when it is healthy, or when too little is known. */
export interface GeneratorNow extends GeneratorFinding {
  readonly reason: string;
  readonly over: "the steady state so far" | "the last 10 s";
}

/** A run so far: which part of it is judged, the watch chooses. */
export type WatchedRun = Omit<GeneratorEvidence, "steadyState">;

/** Of less nobody can say whether it was a bad second or a bad run. */
const leastSeenMs = 5_000;
const recentMs = 10_000;
/** Judging reads all seconds of the steady state: of a long run not each second. */
const patientAfterMs = 1_800_000;
const patienceMs = 10_000;
const severity: Readonly<Record<GeneratorFinding["status"], number>> = {
  healthy: 0,
  warning: 1,
  saturated: 2,
};

/** Watches one run. */
export class GeneratorWatch {
  #latest: GeneratorNow | undefined;
  #atMs = -Infinity;

  /**
   * @param moment milliseconds since time 0 of the run: now, and where its steady state begins
   * @returns undefined while too little has been seen
   */
  look(
    run: WatchedRun,
    { elapsedMs, steadyFromMs }: { readonly elapsedMs: number; readonly steadyFromMs: number },
  ): GeneratorNow | undefined {
    if (elapsedMs < leastSeenMs) return undefined;
    if (elapsedMs > patientAfterMs && elapsedMs - this.#atMs < patienceMs) return this.#latest;
    this.#atMs = elapsedMs;
    const recent = conditionFrom(run, Math.max(0, elapsedMs - recentMs));
    const steady =
      elapsedMs - steadyFromMs < leastSeenMs ? undefined : conditionFrom(run, steadyFromMs);
    this.#latest = worseOf(
      steady && { ...steady, over: "the steady state so far" },
      recent && { ...recent, over: "the last 10 s" },
    );
    return this.#latest;
  }
}

function conditionFrom(run: WatchedRun, fromMs: number): ReturnType<typeof judgeGeneratorSoFar> {
  return judgeGeneratorSoFar({ ...run, steadyState: { fromMs, toMs: Infinity } });
}

/** The first of two that are alike: the verdict will be about the steady state. */
function worseOf(
  steady: GeneratorNow | undefined,
  recent: GeneratorNow | undefined,
): GeneratorNow | undefined {
  if (steady === undefined || recent === undefined) return steady ?? recent;
  return severity[recent.status] > severity[steady.status] ? recent : steady;
}
