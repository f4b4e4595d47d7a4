/**
 * The closed loops: each VU starts its next iteration when the last one ends. Three ways to stop: when the number of
 * VUs wanted falls (constant-vus, ramping-vus), when each VU has done its share (per-vu-iterations), when all of them
 * together have (shared-iterations).
 */
import type { ClosedLoopPlan } from "../../schedule/index.ts";
import type { ScenarioRun } from "./scenario.ts";
import type { Vu } from "./vu.ts";

type LoopingPlan = Extract<ClosedLoopPlan, { kind: "looping" }>;
type PerVuPlan = Extract<ClosedLoopPlan, { kind: "per-vu" }>;
type SharedPlan = Extract<ClosedLoopPlan, { kind: "shared" }>;

/** A loop whose number of VUs can be changed while it runs. */
export interface ScalableLoop {
  scaleTo(vus: number): void;
}

/** `onScalable` gets the loop when it is one that can be scaled. */
export async function runClosedLoop(
  scenario: ScenarioRun,
  plan: ClosedLoopPlan,
  onScalable: (loop: ScalableLoop) => void,
): Promise<void> {
  switch (plan.kind) {
    case "looping": {
      const loop = new LoopingVus(scenario, plan);
      onScalable(loop);
      return loop.run();
    }
    case "per-vu":
      return runPerVu(scenario, plan);
    case "shared":
      return runShared(scenario, plan);
  }
}

/** Runs iterations on `vu` while `wants` says so; false when one was interrupted. */
async function loopWhile(scenario: ScenarioRun, vu: Vu, wants: () => boolean): Promise<boolean> {
  const { state } = scenario.parts;
  state.activeVus++;
  try {
    return await new Promise<boolean>((resolve, reject) => {
      new VuLoop(scenario, vu, { wants, resolve, reject }).step();
    });
  } finally {
    state.activeVus--;
  }
}

interface VuLoopParts {
  readonly wants: () => boolean;
  readonly resolve: (completed: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** One iteration of a VU after the other, by callbacks (see IterationRunner.start). */
class VuLoop {
  readonly #scenario: ScenarioRun;
  readonly #vu: Vu;
  readonly #parts: VuLoopParts;
  #startTurn = 0;

  constructor(scenario: ScenarioRun, vu: Vu, parts: VuLoopParts) {
    this.#scenario = scenario;
    this.#vu = vu;
    this.#parts = parts;
  }

  readonly step = (): void => {
    try {
      if (!this.#parts.wants()) {
        this.#parts.resolve(true);
        return;
      }
      this.#startTurn = this.#scenario.turns.current();
      this.#scenario.iterate(this.#vu, undefined, this.#onEnd);
    } catch (error) {
      this.#parts.reject(error);
    }
  };

  readonly #onEnd = (completed: boolean): void => {
    if (completed) this.#scenario.turns.after(this.#startTurn, this.step);
    else this.#parts.resolve(false);
  };
}

/** One slot of a looping scenario: the highest slots stop first. */
interface Slot {
  wanted: boolean;
  vu: Vu | undefined;
  running: boolean;
  rampDownTimer: NodeJS.Timeout | undefined;
}

class LoopingVus {
  readonly #scenario: ScenarioRun;
  readonly #plan: LoopingPlan;
  readonly #slots: Slot[] = [];
  readonly #loops = new Set<Promise<void>>();
  /** Somebody decides by hand: the plan's further steps count no more, and VUs may be more than were planned. */
  #scaled = false;

  constructor(scenario: ScenarioRun, plan: LoopingPlan) {
    this.#scenario = scenario;
    this.#plan = plan;
  }

  async run(): Promise<void> {
    const { startAtMs, parts } = this.#scenario;
    for (const step of this.#plan.steps) {
      const atMs = startAtMs + step.atMs;
      if (atMs > parts.clock.nowMs()) await this.#scenario.waitUntil(atMs);
      if (this.#scenario.ended || this.#scaled) break;
      this.#setTarget(step.vus);
    }
    await this.#scenario.waitUntil(this.#scenario.endAtMs);
    await this.#scenario.finish(this.#allEnded());
  }

  scaleTo(vus: number): void {
    if (this.#scenario.ended) return;
    this.#scaled = true;
    this.#setTarget(vus);
  }

  #setTarget(vus: number): void {
    for (let index = this.#slots.length; index < vus; index++) {
      this.#slots.push({ wanted: false, vu: undefined, running: false, rampDownTimer: undefined });
    }
    for (let index = 0; index < vus; index++) this.#start(this.#slots[index]!);
    for (let index = this.#slots.length - 1; index >= vus; index--)
      this.#rampDown(this.#slots[index]!);
  }

  #start(slot: Slot): void {
    if (slot.wanted) return;
    slot.wanted = true;
    clearTimeout(slot.rampDownTimer);
    if (slot.running) return;
    slot.running = true;
    const loop = this.#loop(slot).finally(() => this.#loops.delete(loop));
    this.#loops.add(loop);
  }

  #rampDown(slot: Slot): void {
    if (!slot.wanted) return;
    slot.wanted = false;
    slot.rampDownTimer = setTimeout(() => slot.vu?.abandon(), this.#plan.gracefulRampDownMs);
  }

  async #loop(slot: Slot): Promise<void> {
    const vu = await (this.#scaled ? this.#scenario.takeAnyVu() : this.#scenario.takeVu());
    slot.vu = vu;
    if (vu !== undefined) {
      await loopWhile(this.#scenario, vu, () => slot.wanted && !this.#scenario.ended);
      this.#scenario.parts.pool.give(vu);
    }
    clearTimeout(slot.rampDownTimer);
    slot.vu = undefined;
    slot.running = false;
    const wantedAgain = slot.wanted && vu !== undefined && !this.#scenario.ended;
    if (!wantedAgain) slot.wanted = false;
    else await this.#loop(Object.assign(slot, { running: true }));
  }

  async #allEnded(): Promise<void> {
    while (this.#loops.size > 0) await Promise.all(this.#loops);
  }
}

async function takeVus(scenario: ScenarioRun, count: number): Promise<Vu[]> {
  const vus: Vu[] = [];
  for (let index = 0; index < count; index++) {
    const vu = await scenario.takeVu();
    if (vu !== undefined) vus.push(vu);
  }
  return vus;
}

/** Runs `loops` until all ended or the time limit and gracefulStop are over, then gives the VUs back. */
async function runUntilDone(
  scenario: ScenarioRun,
  vus: readonly Vu[],
  loops: readonly Promise<unknown>[],
): Promise<void> {
  const all = Promise.all(loops);
  const limit = scenario.waitUntil(scenario.endAtMs);
  await Promise.race([all, limit]);
  await scenario.finish(all);
  for (const vu of vus) scenario.parts.pool.give(vu);
}

async function runPerVu(scenario: ScenarioRun, plan: PerVuPlan): Promise<void> {
  const vus = await takeVus(scenario, plan.vus);
  const loops = vus.map(async (vu) => {
    let done = 0;
    await loopWhile(scenario, vu, () => done < plan.iterations && !scenario.ended && ++done > 0);
    scenario.drop(plan.iterations - done);
  });
  await runUntilDone(scenario, vus, loops);
}

/** The VUs of all workers take from one count: a fast worker does more, and none waits for another's share. */
async function runShared(scenario: ScenarioRun, plan: SharedPlan): Promise<void> {
  const { numbers, plannedIterations: total = plan.iterations } = scenario.parts;
  const vus = await takeVus(scenario, plan.vus);
  const loops = vus.map((vu) =>
    loopWhile(scenario, vu, () => !scenario.ended && numbers.take(total)),
  );
  await runUntilDone(scenario, vus, loops);
  scenario.drop(numbers.takeRest(total));
}
