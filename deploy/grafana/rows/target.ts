/** The target on the same time axis: as lakh read it during the run, and as Prometheus scrapes it. */
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { BytesSI, Milliseconds, PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import type { Row } from "../frame.ts";
import { alertLimits, guideLimits } from "../limits.ts";
import { lineChart, redFrom } from "../panels/line-chart.ts";
import type { Query } from "../panels/query.ts";
import {
  chosenContainers,
  chosenProcesses,
  containerShare,
  observed,
  outOfMemory,
  presetQuery,
  restarts,
} from "../queries/target.ts";
import { objective } from "../queries/requests.ts";
import { chosen, scrapeInterval, series } from "../selection.ts";

/** What lakh itself observed: `--observe`, `--observe-pid`. Needs no scraping. */
export function observedRow(): Row {
  const bySource = (reading: string, legend: string): Query => ({
    expr: observed(reading, chosen),
    legend: `${legend} {{source}} {{testid}}`,
  });
  return {
    title: "Target, as lakh observed it",
    panels: [
      lineChart({
        title: "Target: CPU in use",
        description:
          "Share of the cores that the target may use (needs --target-cores or known limits). Above the dashed line the objective is missed: the target has no room for a busier minute or a lost replica.",
        unit: PercentUnit,
        decimals: 1,
        queries: [
          bySource("cpu_used_share", "CPU"),
          { expr: objective("cpu_ratio", chosen), legend: "allowed {{testid}}", isLimit: true },
        ],
      }),
      lineChart({
        title: "Target: CPU in cores",
        description:
          "Flat while requests/s and latency rise: the CPU is not the limit; look at pool and database.",
        unit: Short,
        decimals: 2,
        queries: [bySource("cpu_cores", "cores")],
      }),
      lineChart({
        title: "Target: memory",
        description:
          "Resident memory. A climb that does not end with the ramp: run a soak, and look at its dashboard.",
        unit: BytesSI,
        queries: [bySource("memory_bytes", "memory")],
      }),
    ],
  };
}

/** cAdvisor and kube-state-metrics. */
export function kubernetesRow(): Row {
  return {
    title: "Target in Kubernetes (cAdvisor, kube-state-metrics)",
    panels: [containerCpu(), throttling(), containerMemory(), containerRestarts()],
  };
}

const byContainer = "{{namespace}}/{{pod}}/{{container}}";
const scraped = { step: scrapeInterval };

function containerCpu(): Panel {
  return lineChart({
    title: "CPU, share of the limit",
    description:
      "Each container against its own limit. Above the line: raise the limit or add replicas. One replica alone: the load is not spread evenly. Nothing here: no CPU limits are set.",
    unit: PercentUnit,
    decimals: 0,
    width: 6,
    queries: [{ expr: containerShare("cpu", chosenContainers), legend: byContainer, ...scraped }],
    thresholds: redFrom(guideLimits.cpuRatio),
  });
}

function throttling(): Panel {
  return lineChart({
    title: "CPU throttled",
    description:
      "Share of the periods in which a container used up its quota and had to wait. Above the line latency suffers, even if the mean CPU is low: raise the CPU limit, or take it away.",
    unit: PercentUnit,
    decimals: 1,
    width: 6,
    queries: [
      {
        expr: presetQuery("kubernetes", "cpu_throttled_share", chosenContainers),
        legend: byContainer,
        ...scraped,
      },
    ],
    thresholds: redFrom(alertLimits.throttledRatio),
  });
}

function containerMemory(): Panel {
  return lineChart({
    title: "Memory, share of the limit",
    description:
      "Working set of each container against its limit. At 100 % it is killed. Close to it: raise the limit before the next test, and look for a leak in a soak.",
    unit: PercentUnit,
    decimals: 0,
    width: 6,
    queries: [
      { expr: containerShare("memory", chosenContainers), legend: byContainer, ...scraped },
    ],
    thresholds: redFrom(0.9),
  });
}

export function containerRestarts(): Panel {
  return lineChart({
    title: "Restarts, killed for memory",
    description:
      "In the last five minutes. Anything but 0 in a run: no PASS. Read the log of the container before (kubectl logs --previous) and its last state (kubectl describe pod).",
    unit: Short,
    decimals: 0,
    width: 6,
    queries: [
      { expr: restarts(chosenContainers), legend: `restarts ${byContainer}`, ...scraped },
      { expr: outOfMemory(chosenContainers), legend: `out of memory ${byContainer}`, ...scraped },
    ],
  });
}

/** prom-client, the pool's gauges, postgres_exporter. */
export function processRow(): Row {
  return {
    title: "Target's processes, pool and database (/metrics, postgres_exporter)",
    panels: [processCpu(), processMemory(), eventLoop(), collector(), pool(), connections()],
  };
}

const byProcess = "{{pod}} {{instance}}";

function processCpu(): Panel {
  return lineChart({
    title: "Process: CPU in cores",
    description:
      "Each process of the target. A Node.js process at 1 core is full, however many cores its machine has: run more of them.",
    unit: Short,
    decimals: 2,
    queries: [
      {
        expr: presetQuery("nodejs", "cpu_cores", chosenProcesses),
        legend: byProcess,
        ...scraped,
      },
    ],
  });
}

function processMemory(): Panel {
  return lineChart({
    title: "Process: memory",
    description:
      "Resident memory and JavaScript heap. Heap that climbs: objects are kept. Resident memory that climbs alone: buffers or native memory.",
    unit: BytesSI,
    queries: [
      {
        expr: presetQuery("nodejs", "memory_bytes", chosenProcesses),
        legend: `resident ${byProcess}`,
        ...scraped,
      },
      {
        expr: presetQuery("nodejs", "heap_bytes", chosenProcesses),
        legend: `heap ${byProcess}`,
        ...scraped,
      },
    ],
  });
}

function eventLoop(): Panel {
  return lineChart({
    title: "Node.js: event-loop lag (p99)",
    description:
      "How long the target's event loop is held, as its own page and as lakh's readings say. Tens of milliseconds: synchronous work or too little CPU; every request of that process waits.",
    unit: Milliseconds,
    queries: [
      {
        expr: presetQuery("nodejs", "event_loop_lag_ms", chosenProcesses),
        legend: byProcess,
        ...scraped,
      },
      {
        expr: `${observed("event_loop_lag_seconds", chosen)} * 1000`,
        legend: "{{source}} {{testid}}",
      },
    ],
  });
}

function collector(): Panel {
  return lineChart({
    title: "Node.js: time in garbage collection",
    description:
      "Share of the time. More than a few percent: the heap is too small for its load, or much is allocated for each request.",
    unit: PercentUnit,
    decimals: 1,
    queries: [
      {
        expr: presetQuery("nodejs", "gc_share", chosenProcesses),
        legend: byProcess,
        ...scraped,
      },
    ],
  });
}

function pool(): Panel {
  const gauge = (name: string): string =>
    `max by (job, instance) (${series(`db_pool_${name}`, chosenProcesses.selector)})`;
  return lineChart({
    title: "Connection pool",
    description:
      "Queries that wait while all connections are in use: the pool is starved. First make queries faster or fewer; a larger pool only moves the queue into the database. The names are those of lakh's reference API: export db_pool_size, db_pool_in_use and db_pool_waiting from yours.",
    unit: Short,
    decimals: 0,
    queries: [
      { expr: gauge("waiting"), legend: "waiting {{instance}}", ...scraped },
      { expr: gauge("in_use"), legend: "in use {{instance}}", ...scraped },
      { expr: gauge("size"), legend: "size {{instance}}", isLimit: true, ...scraped },
    ],
  });
}

function connections(): Panel {
  return lineChart({
    title: "PostgreSQL: connections by state",
    description:
      "Of every postgres_exporter that this Prometheus scrapes. Many idle in transaction: transactions are held open. Close to the limit: the next replica gets no connection; put a pooler in front.",
    unit: Short,
    decimals: 0,
    stacked: true,
    queries: [
      {
        expr: "sum by (instance, state) (pg_stat_activity_count)",
        legend: "{{state}} {{instance}}",
        ...scraped,
      },
      {
        expr: "max by (instance) (pg_settings_max_connections)",
        legend: "max_connections {{instance}}",
        isLimit: true,
        ...scraped,
      },
    ],
  });
}
