/** What tests of outputs need: samples as workers send them, a context, and what was written. */
import type { Logger } from "../../src/base/log.ts";
import {
  createTagInterner,
  type Metadata,
  type MetricDelta,
  MetricAggregate,
  MetricRegistry,
  SampleLog,
  SampleStore,
  withTags,
} from "../../src/metrics/index.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { OutputContext, Outputs, RunFacts } from "../../src/outputs/index.ts";
import { defaultSystemTags } from "./k6-vu.ts";

/** Adds samples to the log of one worker. */
export interface Recording {
  readonly add: (metric: string, value: number, tags?: Readonly<Record<string, string>>) => void;
  readonly setMetadata: (metadata: Metadata) => void;
  /** Time of the next samples, Unix milliseconds. */
  readonly setTime: (timeMs: number) => void;
}

export interface OutputBench {
  readonly context: OutputContext;
  /** Log lines, `level message`. */
  readonly lines: readonly string[];
  /** Records as a worker does, and hands everything to the outputs, as samples and as sums, whatever they want. */
  log(outputs: Outputs, record: (recording: Recording) => void, workerIndex?: number): void;
  stdout(): string;
}

const defaultTimeMs = Date.parse("2026-08-01T10:00:00Z") + 123.5;

/** Of a run that nobody has tagged. */
export const runFacts: RunFacts = {
  id: "20260801-100000-run",
  script: "script.js",
  lakhVersion: "1.2.3",
  command: "run",
  tags: {},
  droppable: [],
  objectives: [],
};

/** A context of an output whose standard output can be read back; time stands still unless a test moves it. */
export function outputBench(given: Partial<OutputContext> = {}): OutputBench {
  let written = "";
  const lines: string[] = [];
  const logger: Logger = { log: (level, message) => void lines.push(`${level} ${message}`) };
  const workers = new Map<number, Worker>();
  const totals = new MetricAggregate(new MetricRegistry());
  return {
    lines,
    stdout: () => written,
    context: {
      env: {},
      stdout: {
        isTty: false,
        columns: 80,
        rows: 24,
        onResize: () => () => undefined,
        write: (text) => void (written += text),
      },
      logger,
      clock: systemClock,
      resolvePath: (path) => path,
      systemTags: defaultSystemTags,
      metricOptions: () => ({ thresholds: [], submetrics: [] }),
      run: runFacts,
      ...given,
    },
    log(outputs, record, workerIndex = 0) {
      let worker = workers.get(workerIndex);
      if (worker === undefined) {
        worker = new Worker((batch) => outputs.addSamples(batch, workerIndex));
        workers.set(workerIndex, worker);
      }
      record(worker);
      worker.flush();
      if (!outputs.wantIntervals) return;
      totals.merge(worker.drain(), workerIndex);
      outputs.addInterval({ endWallMs: worker.timeMs, totals });
    },
  };
}

class Worker implements Recording {
  readonly #registry = new MetricRegistry();
  readonly #tags = createTagInterner();
  readonly #store = new SampleStore(this.#registry);
  readonly #log: SampleLog;
  timeMs = defaultTimeMs;

  constructor(onBatch: ConstructorParameters<typeof SampleLog>[1]["onBatch"]) {
    this.#log = new SampleLog(this.#store, { wallMs: () => this.timeMs, onBatch });
    this.#registry.define("my_trend", "trend");
  }

  add = (name: string, value: number, tags: Readonly<Record<string, string>> = {}): void => {
    this.#store.series(this.#registry.get(name)!, withTags(this.#tags, tags)).add(value);
  };

  setMetadata = (metadata: Metadata): void => {
    this.#log.owner = { metadata };
  };

  setTime = (timeMs: number): void => {
    this.timeMs = timeMs;
  };

  flush(): void {
    this.#log.flush();
  }

  drain(): MetricDelta {
    return this.#store.drain();
  }
}
