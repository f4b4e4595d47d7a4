/**
 * The engine as its user sees it: open it with a script, learn the script's options, prepare, run, close.
 * It starts the worker threads, gives each its segment, and puts their ticks together; it judges nothing.
 */
import type { Clock } from "../../base/clock.ts";
import { LakhError } from "../../base/errors.ts";
import type { Logger, LogLevel } from "../../base/log.ts";
import { RateWindow } from "../../base/rate-window.ts";
import type { Redactor, SecretSource } from "../../secrets/index.ts";
import type { MetricDelta, SampleBatch } from "../../metrics/index.ts";
import type { ScriptBundle } from "../../script/index.ts";
import {
  type ExceptionReport,
  guardMemory,
  type HostMessage,
  type InitReport,
  instanceBytes,
  type ScaleOrder,
  type StopMode,
  type SummaryOutcome,
  type WorkerAssignment,
} from "../protocol.ts";
import type { ExchangeParcel } from "../kept-exchange.ts";
import { type EngineTick, FanIn } from "./fan-in.ts";
import { breachError } from "../unconfirmed.ts";
import { Shard, type UnaskedMessage } from "./shards.ts";

/** Time between ticks, in milliseconds. */
export const tickIntervalMs: number = 1_000;

/** How far ahead the start is set, so that several workers begin at the same instant; one alone begins when it is told. */
const startAheadMs = 50;

export interface EngineSetup {
  readonly bundle: ScriptBundle;
  readonly env: Readonly<Record<string, string>>;
  /** Sources of `k6/secrets`. */
  readonly secrets: readonly SecretSource[];
  /** Takes secrets out of log lines; it learns those that scripts are given. */
  readonly redactor: Redactor;
  /** k6's compatibility mode: false is base. */
  readonly extended: boolean;
  readonly freezesEnv: boolean;
  /** The options to use instead of those that the script exports: those of an archive. */
  readonly scriptOptions: unknown;
  readonly logger: Logger;
  readonly minLogLevel: LogLevel;
  readonly clock: Clock;
}

/** What the engine is to do; the share is split among its workers. */
export type EngineAssignment = Omit<WorkerAssignment, "numbers">;

/** What the engine tells while it works. */
export interface EngineEvents {
  /** VUs initialised so far, over all workers. */
  onPreparing?(initializedVus: number): void;
  onTick(tick: EngineTick): void;
  /** Raw samples of one worker, when the assignment asks for them. */
  onSamples?(batch: SampleBatch, workerIndex: number): void;
  /** Exchanges that one worker kept whole. */
  onExchanges?(parcel: ExchangeParcel, workerIndex: number): void;
  /** What setup() or teardown() had measured when it failed; whoever asked for it hears of the failure. */
  onLifecycleFailure?(delta: MetricDelta): void;
  /** A line of the script's console, but for the init context; without this it goes to the logger like any other. */
  onConsole?(level: LogLevel, message: string): void;
  /** exec.test.abort() was called; the engine is stopping by itself. */
  onAbort(reason: string): void;
  /** exec.test.fail() was called. */
  onMarkedFailed(reason: string): void;
}

export interface PreparedReport {
  readonly initializedVus: number;
  /** Heap growth a VU; undefined for too few VUs to tell. */
  readonly heapBytesPerVu: number | undefined;
}

/** A delta recorded outside the ticks: by setup() or teardown(). */
export interface LifecycleResult {
  readonly setupJson: string | undefined;
  readonly delta: MetricDelta;
}

/** How the scenarios ended. */
export interface EngineEnd {
  /** Exceptions of the script. */
  readonly exceptions: readonly ExceptionReport[];
  /**
   * Why the run ended before its time: a worker did, or a host that is not confirmed got too much. The other workers were stopped then, and what all had measured has been delivered.
   */
  readonly failure: LakhError | undefined;
}

export interface Engine {
  /** What the first run of the init code told. */
  readonly init: InitReport;
  prepare(assignment: EngineAssignment, events: EngineEvents): Promise<PreparedReport>;
  setup(): Promise<LifecycleResult>;
  /** Runs all scenarios; resolves when the last tick has been delivered. */
  run(setupJson: string | undefined): Promise<EngineEnd>;
  /** Unix milliseconds of time 0; undefined before `run`. */
  readonly startWallMs: number | undefined;
  stop(mode: StopMode): void;
  /** Hosts that were asked for and are not confirmed for load, and how many requests they got. */
  readonly unconfirmed: { readonly hosts: readonly string[]; readonly requests: number };
  /** Changes VUs while the scenarios run; resolves with the VUs that are initialised then. */
  scale(order: ScaleOrder): Promise<number>;
  teardown(setupJson: string | undefined): Promise<MetricDelta>;
  /** False when no worker is left to run a script: neither teardown() nor handleSummary can be called. */
  readonly isAlive: boolean;
  /** Calls handleSummary. */
  summarize(data: unknown): Promise<SummaryOutcome>;
  close(): Promise<void>;
}

/**
 * Starts the worker threads and runs the init code once.
 * @param workers number of threads: they start while `setup` is still being made
 * @throws LakhError with exit code 107 when the init code throws; and what `setup` throws
 */
export async function openEngine(workers: number, setup: Promise<EngineSetup>): Promise<Engine> {
  const engine = new HostEngine(workers);
  try {
    await engine.open(await setup);
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}

class HostEngine implements Engine {
  readonly #shards: readonly Shard[];
  readonly #preparedVus: number[] = [];
  #setup: EngineSetup | undefined;
  #init: InitReport | undefined;
  #events: EngineEvents | undefined;
  #fanIn: FanIn | undefined;
  /** Requests to hosts that are not confirmed. */
  #window: RateWindow | undefined;
  readonly #unconfirmedHosts = new Set<string>();
  #breach: LakhError | undefined;
  /** Ends the call of setup() or teardown() that is under way. */
  #giveUpCall: ((error: LakhError) => void) | undefined;
  startWallMs: number | undefined;

  constructor(workers: number) {
    this.#shards = Array.from(
      { length: workers },
      (_, index) => new Shard(index, (message, shard) => this.#receive(message, shard)),
    );
  }

  get init(): InitReport {
    return required(this.#init);
  }

  async open(setup: EngineSetup): Promise<void> {
    this.#setup = setup;
    const { bundle, env, freezesEnv, secrets, extended, minLogLevel } = setup;
    const own = { bundle, env, freezesEnv, secrets, extended, minLogLevel };
    const reports = await Promise.all(this.#shards.map((shard) => shard.initialize(own)));
    const { report } = reports[0]!;
    this.#init = { ...report, options: setup.scriptOptions ?? report.options };
  }

  async prepare(assignment: EngineAssignment, events: EngineEvents): Promise<PreparedReport> {
    this.#events = events;
    const count = this.#shards.length;
    const numbers = new SharedArrayBuffer(instanceBytes(assignment.scenarios.length, count));
    this.#window = new RateWindow(guardMemory(numbers));
    const answers = await Promise.all(
      this.#shards.map((shard, index) => {
        const own = {
          ...assignment,
          numbers,
          share: { ...assignment.share, part: { index, count } },
        };
        return shard.ask({ type: "prepare", assignment: own }, "prepared");
      }),
    );
    return {
      initializedVus: answers.reduce((sum, answer) => sum + answer.initializedVus, 0),
      heapBytesPerVu: answers[0]!.heapBytesPerVu,
    };
  }

  async setup(): Promise<LifecycleResult> {
    const done = this.#first.ask({ type: "setup" }, "setupDone");
    const { setupJson, delta } = await this.#unlessBreached(done);
    return { setupJson, delta };
  }

  async run(setupJson: string | undefined): Promise<EngineEnd> {
    const events = this.#requireEvents();
    const fanIn = new FanIn(this.#shards.length, (tick) => events.onTick(tick));
    this.#fanIn = fanIn;
    const aheadMs = this.#shards.length > 1 ? startAheadMs : 0;
    const startWallMs = required(this.#setup).clock.wallMs() + aheadMs;
    this.startWallMs = startWallMs;
    const start: HostMessage = { type: "start", setupJson, startWallMs, tickIntervalMs };
    let failure: LakhError | undefined;
    const finished = await Promise.all(
      this.#shards.map(async (shard) => {
        try {
          const end = await shard.ask(start, "finished");
          fanIn.finish(shard.index, end.tick);
          return end.exceptions;
        } catch (error) {
          if (!(error instanceof LakhError)) throw error;
          failure ??= error;
          this.stop("now");
          fanIn.lose(shard.index);
          return [];
        }
      }),
    );
    return { exceptions: mergeExceptions(finished.flat()), failure: this.#breach ?? failure };
  }

  get unconfirmed(): Engine["unconfirmed"] {
    return { hosts: [...this.#unconfirmedHosts], requests: this.#window?.count ?? 0 };
  }

  stop(mode: StopMode): void {
    for (const shard of this.#shards) shard.post({ type: "stop", mode });
  }

  async scale(order: ScaleOrder): Promise<number> {
    const answers = await Promise.all(
      this.#shards.map((shard) => shard.ask({ type: "scale", order }, "scaled")),
    );
    return answers.reduce((sum, { initializedVus }) => sum + initializedVus, 0);
  }

  async teardown(setupJson: string | undefined): Promise<MetricDelta> {
    const done = this.#first.ask({ type: "teardown", setupJson }, "teardownDone");
    return (await this.#unlessBreached(done)).delta;
  }

  async summarize(data: unknown): Promise<SummaryOutcome> {
    return (await this.#first.ask({ type: "summary", data }, "summaryDone")).outcome;
  }

  async close(): Promise<void> {
    await Promise.all(this.#shards.map((shard) => shard.close()));
  }

  get isAlive(): boolean {
    return this.#shards.some(({ hasFailed }) => !hasFailed);
  }

  /** The worker that calls setup() and its kin: the first that is alive. */
  get #first(): Shard {
    return this.#shards.find(({ hasFailed }) => !hasFailed) ?? this.#shards[0]!;
  }

  #requireEvents(): EngineEvents {
    if (this.#events === undefined) throw new Error("prepare the engine before it runs");
    return this.#events;
  }

  #receive(message: UnaskedMessage, shard: Shard): void {
    switch (message.type) {
      case "tick":
      case "lifecycleFailed":
      case "samples":
      case "exchanges":
        this.#receiveMeasured(message, shard.index);
        return;
      case "log":
        this.#log(message, shard);
        return;
      case "secret":
        required(this.#setup).redactor.add(message.value);
        return;
      case "preparing":
        this.#countPrepared(shard.index, message.initializedVus);
        return;
      case "abort":
      case "markFailed":
      case "unconfirmed":
        this.#receiveEnd(message);
    }
  }

  #receiveMeasured(
    message: Extract<
      UnaskedMessage,
      { type: "tick" | "lifecycleFailed" | "samples" | "exchanges" }
    >,
    workerIndex: number,
  ): void {
    switch (message.type) {
      case "tick":
        this.#fanIn?.add(workerIndex, message.tick);
        return;
      case "lifecycleFailed":
        this.#events?.onLifecycleFailure?.(message.delta);
        return;
      case "samples":
        this.#events?.onSamples?.(message.batch, workerIndex);
        return;
      case "exchanges":
        this.#events?.onExchanges?.(message.parcel, workerIndex);
    }
  }

  /** What ends the run, or decides how it ends. */
  #receiveEnd(
    message: Extract<UnaskedMessage, { type: "abort" | "markFailed" | "unconfirmed" }>,
  ): void {
    switch (message.type) {
      case "abort":
        this.#abort(message.reason);
        return;
      case "unconfirmed":
        this.#onUnconfirmed(message);
        return;
      case "markFailed":
        this.#events?.onMarkedFailed(message.reason);
        return;
    }
  }

  #abort(reason: string): void {
    this.stop("now");
    this.#events?.onAbort(reason);
  }

  /** Every worker tells of a breach, once: the first has said it. */
  #onUnconfirmed({
    hosts,
    breachWithinMs,
  }: Extract<UnaskedMessage, { type: "unconfirmed" }>): void {
    for (const host of hosts) this.#unconfirmedHosts.add(host);
    if (breachWithinMs === undefined || this.#breach !== undefined) return;
    this.#breach = breachError([...this.#unconfirmedHosts], breachWithinMs);
    this.stop("now");
    this.#giveUpCall?.(this.#breach);
  }

  /** The answer, unless a host that is not confirmed gets too much before: nobody waits for the script then. */
  #unlessBreached<T>(answer: Promise<T>): Promise<T> {
    const breached = new Promise<never>((_, reject) => {
      this.#giveUpCall = reject;
    });
    return Promise.race([answer, breached]).finally(() => {
      this.#giveUpCall = undefined;
    });
  }

  /**
   * The init code runs once a worker: its first lines are told once. Secrets are taken out here, and not in the worker,
   * because one that a thread was given may stand in a line of another.
   */
  #log(line: Extract<UnaskedMessage, { type: "log" }>, shard: Shard): void {
    if (shard.index > 0 && this.#init === undefined) return;
    const { level, isConsole } = line;
    const { redactor, logger } = required(this.#setup);
    const message = redactor.redact(line.message);
    const fields = redactor.redactFields(line.fields);
    if (isConsole && this.#events?.onConsole !== undefined) this.#events.onConsole(level, message);
    else logger.log(level, message, fields);
  }

  #countPrepared(shardIndex: number, initializedVus: number): void {
    this.#preparedVus[shardIndex] = initializedVus;
    this.#events?.onPreparing?.(this.#preparedVus.reduce((sum, vus) => sum + (vus ?? 0), 0));
  }
}

function required<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("the engine is not open");
  return part;
}

function mergeExceptions(reports: readonly ExceptionReport[]): ExceptionReport[] {
  const merged = new Map<string, ExceptionReport>();
  for (const report of reports) {
    const known = merged.get(report.message);
    merged.set(
      report.message,
      known === undefined ? report : { ...known, count: known.count + report.count },
    );
  }
  return [...merged.values()];
}
