/** A run for the dashboard that a test drives second by second: real samples, a real aggregate, a stub of its control. */
import type { RunControl, RunPhase, ScaleRequest } from "../../src/api/index.ts";
import { Refusal, runPhases } from "../../src/api/index.ts";
import type { Clock } from "../../src/base/clock.ts";
import { silentLogger } from "../../src/base/log.ts";
import {
  type Dashboard,
  type DashboardRun,
  openDashboard,
  type RunHead,
  type RunView,
  type SecondOfLoad,
} from "../../src/dashboard/index.ts";
import {
  createTagInterner,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
  withTags,
} from "../../src/metrics/index.ts";
import type { RunMoment } from "../../src/outputs/index.ts";

type Tags = Readonly<Record<string, string>>;

export const liveHead: RunHead = {
  id: "20260801-100000-run",
  script: "script.js",
  command: "run",
  runner: "embedded",
  lakhVersion: "1.2.3",
  plannedMs: 60_000,
  steady: { fromMs: 2_000, toMs: 50_000, rule: "the stretch at full load" },
  objectives: {
    latency: [{ share: 0.95, limitMs: 300 }],
    errorShare: 0.001,
    requestsPerSecond: 100,
    cpuShare: 0.7,
    targetCores: 4,
  },
  scenarios: ["default: 5 looping VUs for 1m0s"],
};

const startWallMs = Date.parse("2026-08-01T10:00:00Z");

/** What the test changes, and the run then says. */
export class LiveRunStub {
  phase: RunPhase = runPhases.created;
  paused = false;
  thresholds: ReturnType<RunView["thresholds"]> = [];
  generator: ReturnType<RunView["generator"]> = null;
  scalable: readonly string[] = [];
  readonly scaled: ScaleRequest[] = [];
  moment: Partial<RunMoment> = {};
  second: Partial<SecondOfLoad> = {};
  readonly totals: MetricAggregate = new MetricAggregate(new MetricRegistry());
  seconds = 0;
  readonly #registry = new MetricRegistry();
  readonly #tags = createTagInterner();
  readonly #store = new SampleStore(this.#registry);

  get view(): RunView {
    return {
      control: this,
      scalable: () => this.scalable,
      thresholds: () => this.thresholds,
      generator: () => this.generator,
      second: () => (this.seconds === 0 ? null : this.#second()),
    };
  }

  readonly clock: Clock = {
    nowMs: () => this.seconds * 1_000,
    wallMs: () => startWallMs + this.seconds * 1_000,
  };

  add(metric: string, value: number, tags: Tags = {}): void {
    this.#store.series(this.#registry.get(metric)!, withTags(this.#tags, tags)).add(value);
  }

  /** One request with its answer. */
  request(name: string, durationMs: number, tags: Tags = {}): void {
    const all = { name, method: "GET", status: "200", ...tags };
    const isFailed = all.status !== "200";
    this.add("http_reqs", 1, all);
    this.add("http_req_duration", durationMs, all);
    this.add("http_req_failed", isFailed ? 1 : 0, all);
  }

  /** A second of load ends. */
  tell(run: Pick<DashboardRun, "addInterval" | "addMoment">): void {
    this.seconds++;
    this.totals.merge(this.#store.drain(), 0);
    run.addInterval({ endWallMs: this.clock.wallMs(), totals: this.totals });
    run.addMoment({
      wallMs: this.clock.wallMs(),
      phase: this.seconds > 2 ? "steady" : "ramp",
      planned: { requestsPerSecond: 100, vus: 5 },
      iterations: { due: undefined, started: this.seconds * 10, failed: 0 },
      vus: { active: 5, initialized: 5 },
      generator: undefined,
      target: [],
      ...this.moment,
    });
  }

  status(): ReturnType<RunControl["status"]> {
    return {
      phase: this.phase,
      paused: this.paused,
      activeVus: 5,
      initializedVus: 5,
      stopped: false,
      running: this.phase === runPhases.running,
      tainted: false,
    };
  }

  setPaused(paused: boolean): void {
    if (this.phase > runPhases.pausedBeforeRun) throw new Refusal("Pause error", "too late");
    this.paused = paused;
    if (!paused) this.phase = runPhases.running;
  }

  scale(request: ScaleRequest): Promise<void> {
    if (!this.scalable.includes(request.scenario ?? ""))
      return Promise.reject(new Refusal("Scale error", `no ${request.scenario}`));
    this.scaled.push(request);
    return Promise.resolve();
  }

  #second(): SecondOfLoad {
    return {
      endMs: this.seconds * 1_000,
      durationMs: 1_000,
      requests: 100,
      failedRequests: 0,
      p50Ms: 10,
      p95Ms: 20,
      p99Ms: 30,
      iterationsStarted: 10,
      iterationsDropped: 0,
      bytesSent: 1_000,
      bytesReceived: 2_000,
      iterationsDroppedInAll: 0,
      ...this.second,
    };
  }
}

/** A dashboard on a free port, with that run on it. */
export async function openLiveRun(
  head: Partial<RunHead> = {},
  conceal: (text: string) => string = (text) => text,
): Promise<{ dashboard: Dashboard; stub: LiveRunStub; run: DashboardRun }> {
  const stub = new LiveRunStub();
  const dashboard = await openDashboard({ port: 0, clock: stub.clock, logger: silentLogger });
  if (dashboard === undefined) throw new Error("no dashboard");
  const run = dashboard.openRun({ ...liveHead, ...head }, conceal);
  run.attach(stub.view);
  stub.phase = runPhases.running;
  return { dashboard, stub, run };
}
