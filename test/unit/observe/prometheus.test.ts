/** Against a real Prometheus that scrapes exporters whose values are known: every query of every preset. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Clock, systemClock } from "../../../src/base/clock.ts";
import { silentLogger } from "../../../src/base/log.ts";
import {
  checkPrometheus,
  createPrometheusObserver,
  planPrometheus,
  prometheusPresets,
  type PrometheusRequest,
} from "../../../src/observe/index.ts";
import type { ObservationRecord } from "../../../src/record/index.ts";
import {
  type Exposition,
  prometheusIsMissing,
  prometheusPassword,
  prometheusUser,
  startPrometheus,
} from "../../support/prometheus.ts";

const bornMs = Date.now();
/** Until then everything is as it was; afterwards a container has restarted, a process too, and a pod is gone. */
let changedAtMs = Number.POSITIVE_INFINITY;

/** A total that grows by `perSecond`; far from 0, where Prometheus would not extrapolate. */
const total = (perSecond: number, wallMs: number): number =>
  10_000 + ((wallMs - bornMs) / 1_000) * perSecond;
/** Memory that grows, so that a reading at a wrong time has a wrong value. */
const growing = (wallMs: number): number => 200e6 + (wallMs - bornMs) * 1_000;

/** Lines with a time of their own, as cAdvisor writes them: what is read is known exactly, however late the scrape. */
function page(wallMs: number, values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([series, value]) => `${series} ${value} ${wallMs}\n`)
    .join("");
}

const pod = (name: string, container = "app"): string =>
  `namespace="shop",pod="${name}",container="${container}"`;
const startedAt = (wallMs: number): number => (wallMs < changedAtMs ? 1e9 : 1e9 + 500);

const jobs: Readonly<Record<string, Exposition>> = {
  kubelet: (ms) =>
    page(ms, {
      [`container_cpu_usage_seconds_total{${pod("api-1")},cpu="total"}`]: total(0.25, ms),
      [`container_cpu_usage_seconds_total{${pod("api-2")},cpu="cpu00"}`]: total(0.5, ms),
      [`container_cpu_usage_seconds_total{${pod("api-2")},cpu="cpu01"}`]: total(0.25, ms),
      // Rows that would count twice, and a pod of somebody else.
      [`container_cpu_usage_seconds_total{${pod("api-1", "")},cpu="total"}`]: total(9, ms),
      [`container_cpu_usage_seconds_total{${pod("api-1", "POD")},cpu="total"}`]: total(9, ms),
      [`container_cpu_usage_seconds_total{${pod("other-1")},cpu="total"}`]: total(9, ms),
      [`container_cpu_cfs_throttled_periods_total{${pod("api-1")}}`]: total(0.5, ms),
      [`container_cpu_cfs_periods_total{${pod("api-1")}}`]: total(10, ms),
      [`container_memory_working_set_bytes{${pod("api-1")}}`]: growing(ms),
      [`container_memory_working_set_bytes{${pod("api-2")}}`]: 300e6,
      [`container_memory_working_set_bytes{${pod("api-1", "")}}`]: 9e9,
      // No kube-state-metrics for this one: the kernel's own limits.
      [`container_spec_cpu_quota{${pod("api-2")}}`]: 150_000,
      [`container_spec_cpu_period{${pod("api-2")}}`]: 100_000,
      [`container_spec_memory_limit_bytes{${pod("api-2")}}`]: 512e6,
    }),
  "kube-state-metrics": (ms) =>
    page(ms, {
      [`kube_pod_container_resource_limits{${pod("api-1")},resource="cpu",unit="core"}`]: 2,
      [`kube_pod_container_resource_limits{${pod("api-1")},resource="memory",unit="byte"}`]: 1e9,
      [`kube_pod_container_status_restarts_total{${pod("api-1")}}`]: 3,
      [`kube_pod_container_status_restarts_total{${pod("api-2")}}`]: ms < changedAtMs ? 5 : 6,
    }),
  node: (ms) =>
    page(ms, {
      ...Object.fromEntries(
        ["0", "1", "2", "3"].flatMap((cpu) => [
          [`node_cpu_seconds_total{cpu="${cpu}",mode="user"}`, total(0.25, ms)],
          [`node_cpu_seconds_total{cpu="${cpu}",mode="system"}`, total(0.125, ms)],
          [`node_cpu_seconds_total{cpu="${cpu}",mode="idle"}`, total(0.5, ms)],
          [`node_cpu_seconds_total{cpu="${cpu}",mode="iowait"}`, total(0.125, ms)],
        ]),
      ),
      node_memory_MemTotal_bytes: 16e9,
      node_memory_MemAvailable_bytes: 12e9,
      node_boot_time_seconds: 1e9 + (Math.floor(ms / 1_000) % 2),
    }),
  nodejs: (ms) =>
    page(ms, {
      process_cpu_seconds_total: total(0.75, ms),
      process_resident_memory_bytes: growing(ms),
      process_open_fds: 42,
      process_start_time_seconds: startedAt(ms),
      nodejs_heap_size_used_bytes: 90e6,
      nodejs_eventloop_lag_p99_seconds: 0.025,
      'nodejs_gc_duration_seconds_sum{kind="minor"}': total(0.02, ms),
      'nodejs_gc_duration_seconds_sum{kind="major"}': total(0.03, ms),
    }),
  golang: (ms) =>
    page(ms, {
      process_cpu_seconds_total: total(1.5, ms),
      process_resident_memory_bytes: 50e6,
      process_open_fds: 17,
      process_start_time_seconds: 1e9,
      go_sched_gomaxprocs_threads: 4,
      go_memstats_heap_inuse_bytes: 30e6,
      go_gc_duration_seconds_sum: total(0.01, ms),
      go_goroutines: 250,
      go_threads: 12,
    }),
  micrometer: (ms) =>
    page(ms, {
      process_cpu_time_ns_total: total(1.25e9, ms),
      process_cpu_usage: 0.9,
      system_cpu_count: 2,
      'jvm_memory_used_bytes{area="heap",id="G1 Eden Space"}': 100e6,
      'jvm_memory_used_bytes{area="heap",id="G1 Old Gen"}': 150e6,
      'jvm_memory_used_bytes{area="nonheap",id="Metaspace"}': 60e6,
      'jvm_gc_pause_seconds_sum{action="end of minor GC",cause="G1"}': total(0.03, ms),
      jvm_threads_live_threads: 48,
      process_files_open_files: 99,
      process_start_time_seconds: 1e9,
    }),
  // Micrometer before it had a total of CPU time.
  "old-micrometer": (ms) => page(ms, { process_cpu_usage: 0.35, system_cpu_count: 4 }),
  simpleclient: (ms) =>
    page(ms, {
      process_cpu_seconds_total: total(0.5, ms),
      process_resident_memory_bytes: 700e6,
      'jvm_memory_bytes_used{area="heap"}': 400e6,
      'jvm_memory_bytes_used{area="nonheap"}': 90e6,
      'jvm_gc_collection_seconds_sum{gc="G1 Young Generation"}': total(0.04, ms),
      jvm_threads_current: 33,
      process_open_fds: 55,
      process_start_time_seconds: 1e9,
    }),
  // No times of its own: Prometheus marks the end of its series.
  vanishing: (ms) => (ms < changedAtMs ? "process_resident_memory_bytes 1e8\n" : undefined),
};

/** What the exporters above expose, per preset, selector, reading and source: truth. */
const truth: readonly {
  readonly preset: string;
  readonly selector: readonly string[];
  readonly values: Readonly<Record<string, Readonly<Record<string, number | "growing">>>>;
}[] = [
  {
    preset: "kubernetes",
    selector: ["namespace=shop", "pod=~api-.*"],
    values: {
      cpu_cores: { "shop/api-1/app": 0.25, "shop/api-2/app": 0.75 },
      cpu_limit_cores: { "shop/api-1/app": 2, "shop/api-2/app": 1.5 },
      cpu_throttled_share: { "shop/api-1/app": 0.05 },
      memory_bytes: { "shop/api-1/app": "growing", "shop/api-2/app": 300e6 },
      memory_limit_bytes: { "shop/api-1/app": 1e9, "shop/api-2/app": 512e6 },
      restarts: { "shop/api-1/app": 0, "shop/api-2/app": 1 },
    },
  },
  {
    preset: "node-exporter",
    selector: ["job=node"],
    values: {
      cpu_cores: { node: 1.5 },
      cpu_limit_cores: { node: 4 },
      memory_bytes: { node: 4e9 },
      memory_limit_bytes: { node: 16e9 },
      restarts: { node: 0 },
    },
  },
  {
    preset: "nodejs",
    selector: ["job=nodejs"],
    values: {
      cpu_cores: { nodejs: 0.75 },
      memory_bytes: { nodejs: "growing" },
      open_files: { nodejs: 42 },
      restarts: { nodejs: 1 },
      heap_bytes: { nodejs: 90e6 },
      event_loop_lag_ms: { nodejs: 25 },
      gc_share: { nodejs: 0.05 },
    },
  },
  {
    preset: "go",
    selector: ['job="golang"'],
    values: {
      cpu_cores: { golang: 1.5 },
      memory_bytes: { golang: 50e6 },
      open_files: { golang: 17 },
      restarts: { golang: 0 },
      cpu_limit_cores: { golang: 4 },
      heap_bytes: { golang: 30e6 },
      gc_share: { golang: 0.01 },
      goroutines: { golang: 250 },
      threads: { golang: 12 },
    },
  },
  {
    preset: "jvm",
    selector: ["job=~micrometer|old-micrometer|simpleclient"],
    values: {
      cpu_cores: { micrometer: 1.25, "old-micrometer": 1.4, simpleclient: 0.5 },
      cpu_limit_cores: { micrometer: 2, "old-micrometer": 4 },
      memory_bytes: { micrometer: 310e6, simpleclient: 700e6 },
      heap_bytes: { micrometer: 250e6, simpleclient: 400e6 },
      gc_share: { micrometer: 0.03, simpleclient: 0.04 },
      threads: { micrometer: 48, simpleclient: 33 },
      open_files: { micrometer: 99, simpleclient: 55 },
      restarts: { micrometer: 0, simpleclient: 0 },
    },
  },
];

let port = 0;
let startWallMs = 0;

const request = (parts: Partial<PrometheusRequest> = {}): PrometheusRequest => ({
  url: `http://${prometheusUser}:${prometheusPassword}@127.0.0.1:${port}/`,
  presets: [],
  selector: [],
  queries: {},
  headers: {},
  ...parts,
});

interface Read {
  readonly records: readonly ObservationRecord[];
  readonly lines: readonly string[];
}

async function read(
  asked: PrometheusRequest,
  { clock = systemClock, from = startWallMs }: { clock?: Clock; from?: number } = {},
): Promise<Read> {
  const lines: string[] = [];
  const observer = createPrometheusObserver({
    plan: planPrometheus(asked),
    clock,
    logger: { log: (level, message) => void lines.push(`${level}: ${message}`) },
    startWallMs: () => from,
  });
  return { records: await observer.stop(), lines };
}

/** Records of one name by the first part of their source that tells them apart. */
function bySource(
  records: readonly ObservationRecord[],
  name: string,
): Map<string, ObservationRecord> {
  return new Map(
    records
      .filter((record) => record.name === name)
      .map((record) => [record.source.replace(/(?:\/127\.0\.0\.1:\d+)? \(.*\)$/u, ""), record]),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((first, second) => first - second)[Math.floor(values.length / 2)]!;
}

async function ask(query: string): Promise<number> {
  const login = Buffer.from(`${prometheusUser}:${prometheusPassword}`).toString("base64");
  const response = await fetch(
    `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`,
    { headers: { authorization: `Basic ${login}` } },
  );
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

/** Waits until every job has been scraped `count` times since `sinceMs`. */
async function scraped(count: number, sinceMs: number): Promise<void> {
  for (;;) {
    const seconds = Math.ceil((Date.now() - sinceMs) / 1_000);
    if (seconds > 0 && (await ask(`min(count_over_time(up[${seconds}s]))`)) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe("Prometheus", { skip: prometheusIsMissing }, () => {
  const ends: (() => Promise<void> | void)[] = [];

  before(async () => {
    port = await startPrometheus({ after: (end) => ends.push(end) }, jobs);
    await scraped(3, Date.now());
    startWallMs = Date.now();
    await scraped(7, startWallMs);
    changedAtMs = Date.now();
    await scraped(7, changedAtMs);
  });

  after(async () => {
    for (const end of ends) await end();
  });

  for (const { preset, selector, values } of truth) {
    it(`preset ${preset}: every query gives what the exporter has`, async () => {
      const { records } = await read(request({ presets: [preset], selector }));
      const names = prometheusPresets[preset]!.readings.map(({ name }) => name);
      assert.deepEqual(Object.keys(values).toSorted(), names.toSorted());
      for (const [name, sources] of Object.entries(values)) {
        const found = bySource(records, name);
        assert.deepEqual([...found.keys()].toSorted(), Object.keys(sources).toSorted(), name);
        for (const [source, value] of Object.entries(sources))
          assertTruth(found.get(source)!, value);
      }
    });
  }

  /** Of rates the median: one late scrape leaves the windows around it less to extrapolate from. */
  function assertTruth(record: ObservationRecord, value: number | "growing"): void {
    const what = `${record.name} of ${record.source}`;
    assert.ok(record.points.length >= 8, `${what}: ${record.points.length} points`);
    assert.equal(record.partOf, `http://127.0.0.1:${port}`);
    const values = record.points.map(([, read]) => read);
    if (value === "growing") assertOnTime(record);
    else if (record.name === "restarts") assert.equal(values.at(-1), value, what);
    else assert.ok(Math.abs(median(values) - value) <= 0.01 * value, `${what}: ${median(values)}`);
    if (record.name === "restarts") assert.equal(values[0], 0, what);
  }

  /** A reading is of the newest sample then: at most an interval old, two when a scrape was late. */
  function assertOnTime({ points }: ObservationRecord): void {
    const lateMs = points.map(
      ([atMs, value]) => startWallMs + atMs - bornMs - (value - 200e6) / 1_000,
    );
    assert.ok(median(lateMs) >= -1 && median(lateMs) < 2_000, `read ${median(lateMs)} ms late`);
  }

  it("measures how often Prometheus scrapes: a point a second, each rate over four", async () => {
    const { records } = await read(request({ presets: ["nodejs"], selector: ["job=nodejs"] }));
    const { points, windowMs } = bySource(records, "cpu_cores").get("nodejs")!;
    const steps = points.slice(1).map(([atMs], index) => atMs - points[index]![0]);
    assert.ok(Math.abs(median(steps) - 1_000) <= 20, `a step of ${median(steps)} ms`);
    assert.ok([4_000, 5_000].includes(windowMs!), `a window of ${windowMs} ms`);
    assert.equal(bySource(records, "memory_bytes").get("nodejs")!.windowMs, undefined);
  });

  it("moves the readings by what the clocks differ, and says so", async () => {
    for (const offMs of [3_600_000, -90_000]) {
      const clock: Clock = { ...systemClock, wallMs: () => systemClock.wallMs() + offMs };
      const asked = request({ presets: ["nodejs"], selector: ["job=nodejs"] });
      const { records, lines } = await read(asked, { clock, from: startWallMs + offMs });
      assertOnTime(bySource(records, "memory_bytes").get("nodejs")!);
      const side = offMs > 0 ? "3,600 s behind" : "90 s ahead of";
      assert.ok(
        lines.some((line) => line.includes(side)),
        lines.join("\n"),
      );
    }
  });

  it("ends the readings of what is gone", async () => {
    const { records } = await read(
      request({ queries: { memory_bytes: 'process_resident_memory_bytes{job="vanishing"}' } }),
    );
    const lastMs = startWallMs + records[0]!.points.at(-1)![0];
    // The scrape that fails is up to a second after the change, and marks the end.
    assert.ok(lastMs < changedAtMs + 2_000 && lastMs > changedAtMs - 2_000);
  });

  it("fills selector and window into queries of one's own, which rank above a preset's", async () => {
    const { records } = await read(
      request({
        presets: ["nodejs"],
        selector: ["job=nodejs"],
        queries: {
          cpu_cores: "2 * sum(rate(process_cpu_seconds_total{$selector}[$window]))",
          open_files: "max_over_time(process_open_fds{$selector}[3s]) + 1",
          queue_wait_ms: "vector(7)",
        },
      }),
    );
    const read1 = (name: string): ObservationRecord => records.find((each) => each.name === name)!;
    assert.ok(Math.abs(median(read1("cpu_cores").points.map(([, value]) => value)) - 1.5) < 0.02);
    assert.deepEqual(
      [read1("open_files").windowMs, read1("open_files").points[0]![1]],
      [3_000, 43],
    );
    assert.deepEqual(
      [read1("queue_wait_ms").unit, read1("queue_wait_ms").source],
      ["ms", `http://127.0.0.1:${port}`],
    );
  });

  it("names a query without series, before the run and after it", async () => {
    const lines: string[] = [];
    const asked = request({ presets: ["kubernetes"], selector: ["namespace=nowhere"] });
    const logger = {
      log: (level: string, message: string) => void lines.push(`${level}: ${message}`),
    };
    await checkPrometheus({ plan: planPrometheus(asked), clock: systemClock, logger });
    const after = await read(asked);
    assert.deepEqual(after.records, []);
    for (const said of [lines, after.lines]) {
      assert.ok(
        said.some((line) => /^warning: no series for cpu_cores .*namespace="nowhere"/u.test(line)),
        said.join("\n"),
      );
    }
  });

  it("refuses a wrong password and a query that is none, before the run", async () => {
    const checked = (asked: PrometheusRequest): Promise<void> =>
      checkPrometheus({ plan: planPrometheus(asked), clock: systemClock, logger: silentLogger });
    const url = `http://lakh:wrong-s3cret@127.0.0.1:${port}`;
    await assert.rejects(
      checked(request({ url, queries: { cpu_cores: "vector(1)" } })),
      (error) => {
        assert.match(String(error), /answered 401: not authorised/u);
        assert.doesNotMatch(JSON.stringify(error) + String(error), /wrong-s3cret/u);
        return (error as { code: string }).code === "OBSERVE_REFUSED";
      },
    );
    await assert.rejects(checked(request({ queries: { cpu_cores: "sum(" } })), {
      code: "OBSERVE_QUERY",
    });
    await checked(request({ queries: { cpu_cores: "vector(1)" } }));
  });
});
