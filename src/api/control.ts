/**
 * What the REST API needs of a run: the contract that `run` fulfils. Plain values, k6's words; nothing of HTTP.
 * A request that the run refuses is a {@link Refusal}, which becomes the answer; anything else thrown is a fault.
 */

/** Where a run is in its life; the numbers are k6's. */
export const runPhases = {
  created: 0,
  initVus: 1,
  initExecutors: 2,
  initDone: 3,
  pausedBeforeRun: 4,
  started: 5,
  setup: 6,
  running: 7,
  teardown: 8,
  ended: 9,
  interrupted: 10,
  markedAsFailed: 11,
} as const;

/** A number of {@link runPhases}. */
export type RunPhase = (typeof runPhases)[keyof typeof runPhases];

export interface RunStatus {
  readonly phase: RunPhase;
  readonly paused: boolean;
  readonly activeVus: number;
  readonly initializedVus: number;
  /** The test was told to end early. */
  readonly stopped: boolean;
  /** Between the start and the end of the test, setup and teardown included. */
  readonly running: boolean;
  /** A threshold is crossed. */
  readonly tainted: boolean;
}

/** One metric or sub-metric as it stands now. */
export interface MetricView {
  readonly name: string;
  readonly type: string;
  readonly contains: string;
  /** Null without thresholds, and before they were evaluated for the first time. */
  readonly tainted: boolean | null;
  /** counter {count, rate}, gauge {value}, rate {rate}, trend {avg, max, med, min, p(90), p(95)}. */
  readonly sample: Readonly<Record<string, number>>;
}

export interface CheckView {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** A group of the script; the root has an empty name. */
export interface GroupView {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly groups: readonly GroupView[];
  readonly checks: readonly CheckView[];
}

/** What a PATCH asks of the looping VUs; counts are those of this instance. */
export interface ScaleRequest {
  /** VUs that loop from now on. */
  readonly vus: number | undefined;
  /** VUs to have ready. */
  readonly maxVus: number | undefined;
  /** Which scenario; undefined when only one can be meant. */
  readonly scenario: string | undefined;
}

export interface RunControl {
  status(): RunStatus;
  /** @throws Refusal */
  setPaused(paused: boolean): void;
  stop(): void;
  /** @throws Refusal */
  scale(request: ScaleRequest): Promise<void>;
  metrics(): readonly MetricView[];
  rootGroup(): GroupView;
  /** JSON text of the setup data; undefined when there is none. */
  readonly setupJson: string | undefined;
  setSetupJson(json: string | undefined): void;
  /** Calls setup() now and keeps what it returns. @throws what setup() threw */
  runSetup(): Promise<void>;
  /** Calls teardown() now. @throws what teardown() threw */
  runTeardown(): Promise<void>;
}

/** The run does not do what was asked: `title` and message are those of the answer. */
export class Refusal extends Error {
  readonly title: string;

  constructor(title: string, detail: string) {
    super(detail);
    this.title = title;
  }
}
