/** The runs of one command on its dashboard: the phases of a campaign, the trials of a search. */
import type { Dashboard, Step } from "../dashboard/index.ts";
import type { CampaignRecord, PhaseRecord } from "../record/index.ts";
import type { RunResult } from "../run/index.ts";

export class DashboardSteps {
  readonly #dashboard: Dashboard | undefined;
  #steps: readonly Step[] = [];

  constructor(dashboard: Dashboard | undefined) {
    this.#dashboard = dashboard;
  }

  /** The phases of a campaign, as they stand. */
  setPhases({ phases }: CampaignRecord, title: (phase: PhaseRecord["phase"]) => string): void {
    const of = phases.length;
    this.#set(
      phases.map(({ phase, attempts }, index) => {
        const { state, verdict = null, sentence = null } = attempts.at(-1) ?? {};
        const isOver = state === "judged" || state === "interrupted";
        return {
          kind: "phase",
          number: index + 1,
          of,
          title: title(phase),
          state: isOver ? state : "waiting",
          verdict,
          sentence,
        };
      }),
    );
  }

  beginTrial(number: number, title: string): void {
    const trial: Step = {
      kind: "trial",
      number,
      of: null,
      title,
      state: "running",
      verdict: null,
      sentence: null,
    };
    // One that was too short to be a trial is made again under its number.
    this.#set([...this.#steps.filter((step) => step.number !== number), trial]);
  }

  begin(number: number): void {
    this.#change(number, { state: "running", verdict: null, sentence: null });
  }

  end(number: number, verdict: string | null, sentence: string | null): void {
    this.#change(number, { state: "judged", verdict, sentence });
  }

  /** Carries out the run of a step; how it ended is the step's. */
  async during(number: number, execute: () => Promise<RunResult>): Promise<RunResult> {
    const result = await execute();
    if (result.record.outcome.reason === "interrupted")
      this.#change(number, { state: "interrupted" });
    else this.end(number, result.verdict?.verdict ?? null, result.verdict?.sentence ?? null);
    return result;
  }

  /** All are done, or no more of them will be. */
  conclude({ verdict, sentence }: { readonly verdict: string; readonly sentence: string }): void {
    this.#dashboard?.conclude({ verdict, sentence });
  }

  #change(number: number, change: Partial<Step>): void {
    this.#set(this.#steps.map((step) => (step.number === number ? { ...step, ...change } : step)));
  }

  #set(steps: readonly Step[]): void {
    this.#steps = steps;
    this.#dashboard?.setSteps(steps);
  }
}
