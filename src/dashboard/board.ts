/**
 * One run as the page shows it: it is told of each second, puts together what has changed in it, and keeps what a page that
 * connects later needs. It reads the run's own totals, so that its last figures are those of the record.
 */
import { type RunPhase, runPhases } from "../api/index.ts";
import type { Interval, RunMoment } from "../outputs/index.ts";
import { Checks } from "./checks.ts";
import { Endpoints } from "./endpoints.ts";
import { ErrorKinds } from "./error-kinds.ts";
import type { EventLog } from "./event-log.ts";
import {
  type ControlStatus,
  History,
  type LogEvent,
  type Row,
  type RunEnd,
  type RunHead,
  type Snapshot,
  type Stage,
  type Status,
  type ThresholdState,
  type Update,
} from "../page/index.ts";
import { Notices } from "./notices.ts";
import { toRow } from "./row.ts";
import type { RunView } from "./run-view.ts";

/** What of a snapshot, and of an update, is the run's. */
export type RunPart = Omit<Snapshot, "seq" | "steps" | "conclusion" | "events">;
export type RunChange = Omit<Update, "seq" | "steps" | "events">;

export interface BoardParts {
  readonly head: RunHead;
  /** Takes secrets out of what scripts have a hand in. */
  readonly conceal: (text: string) => string;
  readonly events: EventLog;
  readonly wallMs: () => number;
  readonly onChange: (change: RunChange) => void;
}

/** A rate over less than this is chance: the last instant of a run makes no point, unless it is the only one. */
const shortestRowMs = 500;

/** What there is to say before the first second. */
export const nothingYet: Status = {
  stage: "waiting",
  elapsedMs: 0,
  totals: {
    requests: 0,
    failed: 0,
    checksPassed: 0,
    checksFailed: 0,
    iterationsDue: null,
    iterationsStarted: 0,
    iterationsDropped: 0,
    iterationsFailed: 0,
    latency: null,
  },
  vus: { active: 0, initialized: 0 },
  generator: null,
  target: [],
  control: { paused: false, whyNotPausable: "no run has begun yet", scalable: [] },
  end: null,
};

const stages: Readonly<Record<RunPhase, Stage>> = {
  [runPhases.created]: "preparing",
  [runPhases.initVus]: "preparing",
  [runPhases.initExecutors]: "preparing",
  [runPhases.initDone]: "preparing",
  [runPhases.pausedBeforeRun]: "paused",
  [runPhases.started]: "setup",
  [runPhases.setup]: "setup",
  [runPhases.running]: "steady",
  [runPhases.teardown]: "teardown",
  [runPhases.ended]: "teardown",
  [runPhases.interrupted]: "teardown",
  [runPhases.markedAsFailed]: "teardown",
};

const begun = "a test cannot be paused once it has begun: only its start can wait";
const ofK6 = "k6 sends the load: only its own REST API can hold its start back";

export class RunBoard {
  readonly #parts: BoardParts;
  readonly #endpoints: Endpoints;
  readonly #checks: Checks;
  readonly #errors: ErrorKinds;
  readonly #history = new History();
  readonly #notices: Notices;
  #view: RunView | undefined;
  #interval: Interval | undefined;
  /** The latest of which the totals were read. */
  #readInterval: Interval | undefined;
  #moment: RunMoment | undefined;
  #generator: Status["generator"] = null;
  #thresholds: readonly ThresholdState[] = [];
  #status: Status = nothingYet;
  #lastRowMs = -1;
  #dueBefore = 0;
  #requests = 0;
  #end: RunEnd | null = null;

  constructor(parts: BoardParts) {
    this.#parts = parts;
    const { conceal } = parts;
    this.#endpoints = new Endpoints(conceal);
    this.#checks = new Checks(conceal);
    this.#errors = new ErrorKinds(conceal);
    this.#notices = new Notices((level, text) => this.#note(level, conceal(text)));
  }

  /** The run can be read and steered from now on. */
  attach(view: RunView): void {
    this.#view = view;
    this.refresh();
  }

  get view(): RunView | undefined {
    return this.#view;
  }

  addInterval(interval: Interval): void {
    this.#interval = interval;
  }

  addMoment(moment: RunMoment): void {
    this.#moment = moment;
    const second = this.#view?.second() ?? null;
    this.#generator = this.#view?.generator() ?? null;
    this.#notices.generator(this.#generator);
    this.#notices.moment(moment, second?.iterationsDroppedInAll ?? 0);
    const row = this.#nextRow(moment);
    this.#change(row === undefined ? {} : { rows: [row] });
  }

  /** The run has ended, and its record is written where there is one. */
  ended(end: RunEnd): void {
    if (this.#end !== null) return;
    this.#end = end;
    const { verdict, reason, message } = end;
    const isGood = verdict === "PASS" || (verdict === null && end.exitCode === 0);
    const how = verdict ?? message ?? reason;
    this.#note(isGood ? "info" : "error", `the run has ended: ${how}`);
    this.refresh();
  }

  /** All that belongs to the run has been counted: the last figures. */
  complete(): void {
    const { totals, endWallMs } = this.#interval ?? {};
    if (totals !== undefined) this.#endpoints.read(totals, endWallMs!, true);
    this.#change({});
  }

  /** Tells how it stands now, between two seconds. */
  refresh(): void {
    this.#change({});
  }

  /** Since the start of the first scenario; null before it. */
  get elapsedMs(): number | null {
    return this.#view?.second()?.endMs ?? null;
  }

  snapshot(): RunPart {
    return {
      head: this.#parts.head,
      status: this.#status,
      history: this.#history.rows(),
      errorKinds: [...this.#errors.names],
      endpoints: this.#endpoints.listing.all(),
      checks: this.#checks.listing.all(),
      thresholds: this.#thresholds,
    };
  }

  #note(level: LogEvent["level"], text: string): void {
    const { events, wallMs } = this.#parts;
    events.add({ wallMs: wallMs(), atMs: this.elapsedMs, level, text });
  }

  /** Undefined when the second is the one before, or none of load. */
  #nextRow(moment: RunMoment): Row | undefined {
    const second = this.#view?.second() ?? null;
    const isSending = moment.phase === "ramp" || moment.phase === "steady";
    if (!isSending || second === null || second.endMs <= this.#lastRowMs) return undefined;
    if (second.durationMs < shortestRowMs && this.#lastRowMs >= 0) return undefined;
    this.#lastRowMs = second.endMs;
    const { due, failed } = moment.iterations;
    const errors =
      this.#interval === undefined ? [] : this.#errors.read(this.#interval.totals, failed);
    const iterationsDue = due === undefined ? null : due - this.#dueBefore;
    this.#dueBefore = due ?? 0;
    const row = toRow({ second, moment, iterationsDue, errors });
    this.#history.add(row);
    return row;
  }

  #change(more: Pick<RunChange, "rows">): void {
    const kindsBefore = this.#errors.names.length;
    this.#read();
    this.#status = this.#statusNow();
    this.#notices.stage(this.#status.stage);
    const endpoints = this.#endpoints.listing.changes();
    const checks = this.#checks.listing.changes();
    const thresholds = this.#newThresholds();
    this.#parts.onChange({
      ...more,
      status: this.#status,
      ...(more.rows === undefined && kindsBefore === this.#errors.names.length
        ? {}
        : { errorKinds: [...this.#errors.names] }),
      ...(endpoints === undefined ? {} : { endpoints }),
      ...(checks === undefined ? {} : { checks }),
      ...(thresholds === undefined ? {} : { thresholds }),
    });
  }

  #read(): void {
    const interval = this.#interval;
    if (interval === undefined || interval === this.#readInterval) return;
    this.#readInterval = interval;
    const { totals, endWallMs } = interval;
    this.#endpoints.read(totals, endWallMs, false);
    this.#checks.read(totals);
    const requests = totals.seriesOf("http_reqs");
    this.#requests = requests.reduce(
      (sum, { sink }) => sum + (sink.type === "counter" ? sink.sum : 0),
      0,
    );
  }

  #stageNow(): Stage {
    if (this.#end !== null) return "ended";
    const phase = this.#view?.control.status().phase;
    if (phase === undefined) return "waiting";
    if (phase !== runPhases.running) return stages[phase];
    const { phase: part } = this.#moment ?? {};
    return part === "ramp" || part === "steady" ? part : "setup";
  }

  #statusNow(): Status {
    const moment = this.#moment;
    const second = this.#view?.second() ?? null;
    const { due, started = 0, failed = 0 } = moment?.iterations ?? {};
    return {
      stage: this.#stageNow(),
      elapsedMs: this.elapsedMs ?? 0,
      totals: {
        requests: this.#requests,
        failed: this.#failedRequests(),
        checksPassed: this.#checks.passed,
        checksFailed: this.#checks.failed,
        iterationsDue: due ?? null,
        iterationsStarted: started,
        iterationsDropped: second?.iterationsDroppedInAll ?? 0,
        iterationsFailed: failed,
        latency: this.#endpoints.latency,
      },
      vus: moment?.vus ?? nothingYet.vus,
      generator: this.#generator,
      target: (moment?.target ?? []).map((reading) => ({
        ...reading,
        source: this.#parts.conceal(reading.source),
      })),
      control: this.#controlStatus(),
      end: this.#end,
    };
  }

  #failedRequests(): number {
    const series = this.#interval?.totals.seriesOf("http_req_failed") ?? [];
    return series.reduce((sum, { sink }) => sum + (sink.type === "rate" ? sink.trues : 0), 0);
  }

  #controlStatus(): ControlStatus {
    const view = this.#view;
    if (view === undefined) return nothingYet.control;
    if (this.#end !== null)
      return { paused: false, whyNotPausable: "the run has ended", scalable: [] };
    const { paused, phase } = view.control.status();
    const isBefore = phase <= runPhases.pausedBeforeRun;
    const isK6 = this.#parts.head.runner === "k6";
    return {
      paused: paused && isBefore,
      whyNotPausable: isK6 ? ofK6 : isBefore ? null : begun,
      scalable: view.scalable(),
    };
  }

  #newThresholds(): readonly ThresholdState[] | undefined {
    const states = this.#view?.thresholds() ?? [];
    if (JSON.stringify(states) === JSON.stringify(this.#thresholds)) return undefined;
    this.#thresholds = states;
    this.#notices.thresholds(states);
    return states;
  }
}
