/**
 * The closed loops: each VU starts its next iteration when the last one ends. Three ways to stop: when the number of
 * VUs wanted falls (constant-vus, ramping-vus), when each VU has done its share (per-vu-iterations), when all of them
 * together have (shared-iterations).
 */
import { Fifo } from "../../base/fifo.ts";
import { portionPerTurn } from "../../base/ready-queue.ts";
import type { ClosedLoopPlan } from "../../schedule/index.ts";
import type { IterationListener, VuIteration } from "./iteration.ts";
import type { ScenarioRun } from "./scenario.ts";
import type { TurnTaker } from "./turns.ts";

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

/**
 * One iteration of a VU after the other, by callbacks (see IterationRunner.start). One object a VU: promises and closures
 * in their place were 2.3 KB of the 17 KB that a VU held.
 */
abstract class VuLoop implements IterationListener, TurnTaker {
  protected readonly scenario: ScenarioRun;
  protected iteration: VuIteration | undefined;
  readonly #loops: RunningLoops;
  #startTurn = 0;

  constructor(scenario: ScenarioRun, loops: RunningLoops) {
    this.scenario = scenario;
    this.#loops = loops;
  }

  /** Whether there is to be another iteration; asked once for each. */
  protected abstract wants(): boolean;
  /** The last iteration is over. */
  protected abstract onEnd(): void;

  /** Iterates on a VU from now on. */
  loop(iteration: VuIteration): void {
    this.iteration = iteration;
    this.scenario.parts.state.activeVus++;
    this.#loops.start(this);
  }

  onTurn(): void {
    try {
      if (!this.wants()) {
        this.#end();
        return;
      }
      this.#startTurn = this.scenario.turns.current();
      this.scenario.iterate(this.iteration!, undefined, this);
    } catch (error) {
      // A fault of ours: the VU goes nowhere any more.
      this.scenario.parts.state.activeVus--;
      this.#loops.fail(error);
    }
  }

  onIterationEnd(_: VuIteration, completed: boolean): void {
    if (completed) this.scenario.turns.after(this.#startTurn, this);
    else this.#end();
  }

  #end(): void {
    this.scenario.parts.state.activeVus--;
    this.onEnd();
    this.#loops.end();
  }
}

/**
 * How many loops run, and the one promise for the end of all of them. They start some in a turn of the event loop: when
 * thousands began in one, the first answers would wait for the last start, and count as slow answers of the target. As
 * many as go on in a turn: with more, the answers to the first would pile up.
 */
class RunningLoops {
  readonly #toStart = new Fifo<TurnTaker>();
  #startedInTurn = 0;
  #count = 0;
  #error: unknown;
  #hasFailed = false;
  #onSettled: (() => void) | undefined;

  /** One that is not in the event loop yet, but counts. */
  begin(): void {
    this.#count++;
  }

  /** One that begins now, or when those before it have. */
  start(loop: TurnTaker): void {
    this.begin();
    if (this.#startedInTurn === portionPerTurn) this.#toStart.push(loop);
    else this.#startNow(loop);
  }

  #startNow(loop: TurnTaker): void {
    if (this.#startedInTurn === 0) setImmediate(this.#onTurn);
    this.#startedInTurn++;
    loop.onTurn();
  }

  readonly #onTurn = (): void => {
    this.#startedInTurn = 0;
    while (this.#startedInTurn < portionPerTurn) {
      const loop = this.#toStart.shift();
      if (loop === undefined) return;
      this.#startNow(loop);
    }
  };

  end(): void {
    this.#count--;
    this.#settle();
  }

  fail(error: unknown): void {
    if (!this.#hasFailed) this.#error = error;
    this.#hasFailed = true;
    this.#settle();
  }

  /** Resolves when none runs (any more). @throws what the first one threw that did */
  async allEnded(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onSettled = resolve;
      this.#settle();
    });
    if (this.#hasFailed) throw this.#error;
  }

  #settle(): void {
    if (this.#count === 0 || this.#hasFailed) this.#onSettled?.();
  }
}

/** One slot of a looping scenario: the highest slots stop first. */
class Slot extends VuLoop {
  readonly #owner: LoopingVus;
  #isWanted = false;
  /** From asking for a VU until it was given back. */
  #isBusy = false;
  #rampDownTimer: NodeJS.Timeout | undefined;

  constructor(owner: LoopingVus, scenario: ScenarioRun, loops: RunningLoops) {
    super(scenario, loops);
    this.#owner = owner;
  }

  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    clearTimeout(this.#rampDownTimer);
    if (!this.#isBusy) this.#begin();
  }

  rampDown(patienceMs: number): void {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    this.#rampDownTimer = setTimeout(() => this.iteration?.vu.abandon(), patienceMs);
  }

  #begin(): void {
    this.#isBusy = true;
    this.#owner.takeVu(
      (iteration) => this.loop(iteration),
      () => this.#release(),
    );
  }

  protected wants(): boolean {
    return this.#isWanted && !this.scenario.ended;
  }

  protected onEnd(): void {
    this.scenario.give(this.iteration!);
    this.iteration = undefined;
    const wantedAgain = this.#isWanted && !this.scenario.ended;
    this.#release();
    if (wantedAgain) this.start();
  }

  #release(): void {
    clearTimeout(this.#rampDownTimer);
    this.#isBusy = false;
    this.#isWanted = false;
  }
}

class LoopingVus {
  readonly #scenario: ScenarioRun;
  readonly #plan: LoopingPlan;
  readonly #slots: Slot[] = [];
  readonly #loops = new RunningLoops();
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
    await this.#scenario.finish(this.#loops.allEnded());
  }

  scaleTo(vus: number): void {
    if (this.#scenario.ended) return;
    this.#scaled = true;
    this.#setTarget(vus);
  }

  /** A VU for a slot; none when all are taken. */
  takeVu(onVu: (iteration: VuIteration) => void, onNone: () => void): void {
    const loops = this.#loops;
    loops.begin(); // a VU that is being prepared counts as one that runs
    const taking = this.#scaled ? this.#scenario.takeAnyVu() : this.#scenario.takeVu();
    // What the script throws while one is instantiated is reported like any rejection that nobody handles.
    void taking
      .then((iteration) => (iteration === undefined ? onNone() : onVu(iteration)))
      .finally(() => loops.end());
  }

  #setTarget(vus: number): void {
    for (let index = this.#slots.length; index < vus; index++)
      this.#slots.push(new Slot(this, this.#scenario, this.#loops));
    for (let index = 0; index < vus; index++) this.#slots[index]!.start();
    for (let index = this.#slots.length - 1; index >= vus; index--)
      this.#slots[index]!.rampDown(this.#plan.gracefulRampDownMs);
  }
}

/** Takes VUs, loops on each until all have ended or the time limit and gracefulStop are over, and gives them back. */
async function runLoops(
  scenario: ScenarioRun,
  count: number,
  createLoop: (loops: RunningLoops) => VuLoop,
): Promise<void> {
  const vus: VuIteration[] = [];
  for (let index = 0; index < count; index++) {
    const vu = await scenario.takeVu();
    if (vu !== undefined) vus.push(vu);
  }
  const loops = new RunningLoops();
  for (const vu of vus) createLoop(loops).loop(vu);
  const all = loops.allEnded();
  await Promise.race([all, scenario.waitUntil(scenario.endAtMs)]);
  await scenario.finish(all);
  for (const vu of vus) scenario.give(vu);
}

/** A VU of a per-vu scenario: it does its share. */
class PerVuLoop extends VuLoop {
  #left: number;

  constructor(scenario: ScenarioRun, loops: RunningLoops, iterations: number) {
    super(scenario, loops);
    this.#left = iterations;
  }

  protected wants(): boolean {
    if (this.#left === 0 || this.scenario.ended) return false;
    this.#left--;
    return true;
  }

  protected onEnd(): void {
    this.scenario.drop(this.#left);
  }
}

async function runPerVu(scenario: ScenarioRun, { vus, iterations }: PerVuPlan): Promise<void> {
  await runLoops(scenario, vus, (loops) => new PerVuLoop(scenario, loops, iterations));
}

/** A VU of a shared scenario: it takes from the one count, as long as something is left. */
class SharedLoop extends VuLoop {
  readonly #total: number;

  constructor(scenario: ScenarioRun, loops: RunningLoops, total: number) {
    super(scenario, loops);
    this.#total = total;
  }

  protected wants(): boolean {
    return !this.scenario.ended && this.scenario.parts.numbers.take(this.#total);
  }

  protected onEnd(): void {}
}

/** The VUs of all workers take from one count: a fast worker does more, and none waits for another's share. */
async function runShared(scenario: ScenarioRun, plan: SharedPlan): Promise<void> {
  const { numbers, plannedIterations: total = plan.iterations } = scenario.parts;
  await runLoops(scenario, plan.vus, (loops) => new SharedLoop(scenario, loops, total));
  scenario.drop(numbers.takeRest(total));
}
