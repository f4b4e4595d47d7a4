/**
 * The dashboard of a command: one server over all its runs. It must never cost a run anything: what goes wrong here ends
 * the dashboard, with a line in the log, and the run goes on without it.
 */
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import type { Interval, Output, RunMoment } from "../outputs/index.ts";
import type {
  Conclusion,
  LogEvent,
  RunEnd,
  RunHead,
  Snapshot,
  Step,
  Update,
} from "../page/index.ts";
import { nothingYet, RunBoard, type RunChange } from "./board.ts";
import { Clients } from "./clients.ts";
import { EventLog } from "./event-log.ts";
import { obey, type Obeyed } from "./obey.ts";
import type { RunView } from "./run-view.ts";
import { type DashboardServer, startDashboardServer } from "./server.ts";

export interface DashboardParts {
  /** The first to try; 0 is any. */
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One run on the dashboard: an output of it. */
export interface DashboardRun extends Output {
  addInterval(interval: Interval): void;
  addMoment(moment: RunMoment): void;
  /** The run can be read and steered from now on. */
  attach(view: RunView): void;
}

export interface Dashboard {
  /** "http://127.0.0.1:5665/" */
  readonly url: string;
  /** A run begins; the page shows it in place of the one before. */
  openRun(head: RunHead, conceal: (text: string) => string): DashboardRun;
  /** The run has ended, and its record is written where there is one. */
  endRun(end: RunEnd): void;
  /** A line of a run's log that people should see. */
  note(level: LogEvent["level"], text: string): void;
  /** What the command does in several runs, as it stands now. */
  setSteps(steps: readonly Step[]): void;
  /** What all of them together came to. */
  conclude(conclusion: Conclusion): void;
  /** Tells the pages that there is no more, and closes. */
  close(): Promise<void>;
}

/**
 * Opens the dashboard.
 * @returns undefined when it could not be: the log says why
 */
export async function openDashboard(parts: DashboardParts): Promise<Dashboard | undefined> {
  try {
    return await OpenDashboard.open(parts);
  } catch (error) {
    parts.logger.log("warning", `there is no dashboard: ${messageOf(error)}`);
    return undefined;
  }
}

class OpenDashboard implements Dashboard {
  readonly #parts: DashboardParts;
  readonly #events = new EventLog();
  readonly #clients = new Clients(() => JSON.stringify(this.#snapshot()));
  #server: DashboardServer | undefined;
  #run: RunBoard | undefined;
  #steps: readonly Step[] = [];
  #conclusion: Conclusion | null = null;
  #seq = 0;
  #toldEvent = -1;
  #hasFailed = false;

  static async open(parts: DashboardParts): Promise<OpenDashboard> {
    const made = new OpenDashboard(parts);
    made.#server = await startDashboardServer({
      port: parts.port,
      clients: made.#clients,
      obey: (body) => made.#obey(body),
    });
    return made;
  }

  private constructor(parts: DashboardParts) {
    this.#parts = parts;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server?.port}/`;
  }

  openRun(head: RunHead, conceal: (text: string) => string): DashboardRun {
    const board = new RunBoard({
      head,
      conceal,
      events: this.#events,
      wallMs: () => this.#parts.clock.wallMs(),
      // What comes late of a run before is not this one's.
      onChange: (change) => {
        if (this.#run === board) this.#sendUpdate(change);
      },
    });
    this.#guard(() => {
      this.#run = board;
      this.#sendSnapshot();
    });
    return this.#guarded(board);
  }

  endRun(end: RunEnd): void {
    this.#guard(() => this.#run?.ended(end));
  }

  /** Shown with the next second. */
  note(level: LogEvent["level"], text: string): void {
    const wallMs = this.#parts.clock.wallMs();
    this.#guard(() =>
      this.#events.add({ wallMs, atMs: this.#run?.elapsedMs ?? null, level, text }),
    );
  }

  setSteps(steps: readonly Step[]): void {
    this.#guard(() => {
      this.#steps = steps;
      this.#sendSnapshot();
    });
  }

  conclude(conclusion: Conclusion): void {
    this.#guard(() => {
      this.#conclusion = conclusion;
      this.#sendSnapshot();
    });
  }

  async close(): Promise<void> {
    try {
      await this.#server?.close();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A run's calls come in the middle of its second: none of them may throw. */
  #guarded(board: RunBoard): DashboardRun {
    const guard = (work: () => void): void => this.#guard(work);
    return {
      description: `dashboard (${this.url})`,
      start: () => Promise.resolve(),
      addInterval: (interval) => guard(() => board.addInterval(interval)),
      addMoment: (moment) => guard(() => board.addMoment(moment)),
      stop: () => Promise.resolve(guard(() => board.complete())),
      attach: (view) => guard(() => board.attach(view)),
    };
  }

  #guard(work: () => void): void {
    if (this.#hasFailed) return;
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#hasFailed = true;
    this.#parts.logger.log("warning", `the dashboard has stopped: ${messageOf(error)}`);
  }

  async #obey(body: string): Promise<Omit<Obeyed, "note">> {
    const { note, ...obeyed } = await obey(body, this.#run?.view);
    if (note !== undefined) this.note("info", note);
    this.#guard(() => this.#run?.refresh());
    return obeyed;
  }

  #snapshot(): Snapshot {
    const run = this.#run?.snapshot() ?? nothingToShow;
    const [steps, conclusion] = [this.#steps, this.#conclusion];
    return { seq: this.#seq, ...run, steps, conclusion, events: this.#events.all() };
  }

  #sendSnapshot(): void {
    this.#seq++;
    this.#toldEvent = this.#events.lastId;
    this.#clients.send("snapshot", () => JSON.stringify(this.#snapshot()));
  }

  #sendUpdate(change: RunChange): void {
    const events = this.#events.after(this.#toldEvent);
    this.#toldEvent = this.#events.lastId;
    this.#seq++;
    const update: Update = {
      seq: this.#seq,
      ...change,
      ...(events.length === 0 ? {} : { events }),
    };
    this.#clients.send("update", () => JSON.stringify(update));
  }
}

const nothingToShow: ReturnType<RunBoard["snapshot"]> = {
  head: null,
  status: nothingYet,
  history: [],
  errorKinds: [],
  endpoints: { from: 0, names: [], rows: [], more: 0 },
  checks: { from: 0, names: [], rows: [], more: 0 },
  thresholds: [],
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
