/** What of a run is worth a line in its log of events: changes, told once when they come about. */
import type { RunMoment } from "../outputs/index.ts";
import type { GeneratorStatus, LogEvent, Stage, ThresholdState } from "../page/index.ts";

type Tell = (level: LogEvent["level"], text: string) => void;

const stageTexts: Readonly<Partial<Record<Stage, string>>> = {
  preparing: "VUs are being initialised",
  paused: "paused: the test waits to be resumed",
  setup: "setup",
  ramp: "load is being built up",
  steady: "the steady state begins",
  teardown: "no more load is sent",
};

/** Drops that come again sooner are the same trouble. */
const quietMs = 10_000;

export class Notices {
  readonly #tell: Tell;
  #stage: Stage | undefined;
  #generator: GeneratorStatus["status"] = "healthy";
  readonly #crossed = new Set<string>();
  #socketFaults = 0;
  #dropped = 0;
  #droppedAtMs = -Infinity;
  #hadReadings = false;
  #lostReadings = false;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  stage(stage: Stage): void {
    if (stage === this.#stage) return;
    const isOver = this.#stage === "steady" && stage === "ramp";
    const text = isOver ? "the steady state is over: load is being taken away" : stageTexts[stage];
    this.#stage = stage;
    if (text !== undefined) this.#tell("info", text);
  }

  generator(judged: GeneratorStatus | null): void {
    if (judged === null || judged.status === this.#generator) return;
    this.#generator = judged.status;
    const level = { healthy: "info", warning: "warning", saturated: "error" } as const;
    const text = judged.status === "healthy" ? "the generator keeps up again" : judged.sentence;
    this.#tell(level[judged.status], text);
  }

  thresholds(states: readonly ThresholdState[]): void {
    for (const { metric, source, ok, actual } of states) {
      const name = `${metric}: ${source}`;
      if (ok === false && !this.#crossed.has(name)) {
        this.#crossed.add(name);
        const now = actual === null ? "" : `, now ${Number(actual.toPrecision(4))}`;
        this.#tell("error", `threshold crossed: ${name}${now}`);
      } else if (ok === true && this.#crossed.delete(name)) {
        this.#tell("info", `threshold holds again: ${name}`);
      }
    }
  }

  moment({ wallMs, generator, target }: RunMoment, iterationsDropped: number): void {
    this.#noteFaults(generator?.socketFaults);
    this.#noteDropped(iterationsDropped, wallMs);
    if (generator !== undefined) this.#noteReadings(target.length > 0);
  }

  #noteFaults(faults: ReadonlyMap<string, number> = new Map()): void {
    const sum = [...faults.values()].reduce((all, count) => all + count, 0);
    if (sum <= this.#socketFaults) return;
    this.#socketFaults = sum;
    const kinds = [...faults].map(([errno, count]) => `${count} x ${errno}`).join(", ");
    this.#tell("error", `socket faults on the generator's own machine so far: ${kinds}`);
  }

  #noteDropped(dropped: number, wallMs: number): void {
    if (dropped <= this.#dropped) return;
    if (wallMs - this.#droppedAtMs > quietMs)
      this.#tell("warning", "iterations are dropped: no VU is free to start them");
    this.#dropped = dropped;
    this.#droppedAtMs = wallMs;
  }

  #noteReadings(hasReadings: boolean): void {
    if (!hasReadings && this.#hadReadings && !this.#lostReadings) {
      this.#lostReadings = true;
      this.#tell("warning", "there are no readings of the target any more");
    } else if (hasReadings && this.#lostReadings) {
      this.#lostReadings = false;
      this.#tell("info", "the target is being read again");
    }
    this.#hadReadings ||= hasReadings;
  }
}
