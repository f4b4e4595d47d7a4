/**
 * The open loop of the arrival-rate executors: iterations start when the schedule says so, whatever the target does.
 * At each due time the VU that has been idle longest gets the iteration (k6: FIFO hand-off); none idle means one
 * dropped iteration and, while allowed, one more VU. Every start carries its due time, so lateness is measured.
 */
import { Fifo } from "../../base/fifo.ts";
import { portionPerTurn } from "../../base/ready-queue.ts";
import type { OpenLoopPlan } from "../../schedule/index.ts";
import type { IterationListener, VuIteration } from "./iteration.ts";
import type { ScenarioRun } from "./scenario.ts";

export async function runOpenLoop(scenario: ScenarioRun, plan: OpenLoopPlan): Promise<void> {
  const loop = new OpenLoop(scenario, plan);
  await loop.takePlannedVus();
  await loop.run();
}

class OpenLoop implements IterationListener {
  readonly #scenario: ScenarioRun;
  readonly #plan: OpenLoopPlan;
  readonly #vus: VuIteration[] = [];
  readonly #idle = new Fifo<VuIteration>();
  #extraVus = 0;
  #startingVu = false;
  #warned = false;
  #runningCount = 0;
  #onDrained: (() => void) | undefined;

  constructor(scenario: ScenarioRun, plan: OpenLoopPlan) {
    this.#scenario = scenario;
    this.#plan = plan;
  }

  async takePlannedVus(): Promise<void> {
    for (let index = 0; index < this.#plan.preAllocatedVus; index++) {
      const vu = await this.#scenario.takeVu();
      if (vu === undefined) return;
      this.#vus.push(vu);
      this.#idle.push(vu);
    }
  }

  async run(): Promise<void> {
    const { startAtMs, parts } = this.#scenario;
    const { arrivals } = this.#plan;
    let next = 0;
    let dueMs = arrivals.dueAtMs(next);
    while (dueMs !== undefined) {
      const dueAtMs = startAtMs + dueMs;
      if (dueAtMs > parts.clock.nowMs()) await this.#scenario.waitUntil(dueAtMs);
      else await nextTurn();
      if (this.#scenario.stopped) break;
      next = this.#startDue(next);
      dueMs = arrivals.dueAtMs(next);
    }
    await this.#scenario.waitUntil(this.#scenario.endAtMs);
    await this.#scenario.finish(this.#drained());
    for (const vu of this.#vus) this.#scenario.give(vu);
  }

  /**
   * Starts iterations that are due by now, as many as may start in a turn of the event loop: a loop that catches up
   * would else leave its answers unread, and with them the VUs taken. Returns the index of the first that did not start.
   */
  #startDue(first: number): number {
    const { startAtMs, parts } = this.#scenario;
    const nowMs = parts.clock.nowMs();
    for (let index = first; index < first + portionPerTurn; index++) {
      const dueMs = this.#plan.arrivals.dueAtMs(index);
      if (dueMs === undefined || startAtMs + dueMs > nowMs) return index;
      parts.state.iterationsDue++;
      this.#startOne(startAtMs + dueMs);
    }
    return first + portionPerTurn;
  }

  #startOne(dueAtMs: number): void {
    const vu = this.#idle.shift();
    if (vu === undefined) {
      this.#scenario.drop(1);
      this.#requestExtraVu();
      return;
    }
    this.#runningCount++;
    this.#scenario.parts.state.activeVus++;
    this.#scenario.iterate(vu, dueAtMs, this);
  }

  onIterationEnd(vu: VuIteration, completed: boolean): void {
    this.#runningCount--;
    this.#scenario.parts.state.activeVus--;
    if (completed) this.#idle.push(vu);
    if (this.#runningCount === 0) this.#onDrained?.();
  }

  /** One VU at a time is added in the background, up to maxVUs (k6). */
  #requestExtraVu(): void {
    if (this.#startingVu) return;
    if (this.#plan.preAllocatedVus + this.#extraVus >= this.#plan.maxVus) {
      this.#warnOnce();
      return;
    }
    this.#startingVu = true;
    this.#extraVus++;
    setImmediate(() => {
      void this.#scenario.takeUnplannedVu().then((vu) => {
        this.#startingVu = false;
        this.#vus.push(vu);
        this.#idle.push(vu);
      });
    });
  }

  #warnOnce(): void {
    if (this.#warned) return;
    this.#warned = true;
    const { logger, plan } = this.#scenario.parts;
    const active = this.#vus.length;
    logger.log(
      "warning",
      `Insufficient VUs, reached ${active} active VUs and cannot initialize more`,
      {
        scenario: plan.name,
        executor: plan.executor,
      },
    );
  }

  #drained(): Promise<void> {
    if (this.#runningCount === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrained = resolve;
    });
  }
}

/** When the sockets have been read. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
