/**
 * The bench's scenarios: what load, against which target, by whom, and what is asked of the outcome. Goals are ratios
 * between tools of the same run, or quantities that do not depend on the machine's speed.
 */
import type { Load, Shape } from "./peers.ts";
import type { Result, Results } from "./results.ts";
import { ratioOf } from "./results.ts";
import type { TargetNeeds } from "./targets.ts";

/** Something that a scenario must reach. */
export interface Goal {
  readonly name: string;
  readonly unit: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Undefined when what it takes was not measured in this session. */
  value(all: ReadonlyMap<string, Results>): number | undefined;
}

/** One row of the table. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly load: Load;
  readonly target: TargetNeeds;
  /** Names of `peers`; those that are not installed or cannot do the load are left out. */
  readonly tools: readonly string[];
  /** Seconds of warm-up and between the readings, other than the usual ones. */
  readonly times?: { readonly full: Times; readonly quick: Times };
  /** In requests instead: the readings of a soak. */
  readonly requests?: { readonly full: Counts; readonly quick: Counts };
  readonly goals: readonly Goal[];
  /** Whether its ratios are kept in baseline.json. */
  readonly hasBaseline: boolean;
  readonly note?: string;
}

/** Seconds of load before the first reading, and between the two. */
export interface Times {
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

interface Counts {
  readonly fromRequests: number;
  readonly toRequests: number;
}

/** What a scenario takes where it says nothing else. */
export const usualTimes: { readonly full: Times; readonly quick: Times } = {
  full: { warmUpSeconds: 8, seconds: 15 },
  quick: { warmUpSeconds: 3, seconds: 4 },
};

const scriptTools = ["lakh", "k6"];
const journeyTools = ["lakh", "k6", "artillery", "locust"];
const allTools = ["lakh", "k6", "wrk", "vegeta", "oha", "autocannon", "artillery", "locust"];
const openTools = ["lakh", "k6", "vegeta", "oha", "autocannon", "artillery"];

const getSmall = { method: "GET", path: "/small" } as const;
const fifty: Shape = { kind: "closed", vus: 50 };

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  single("get", "single GET with a check, 50 VUs", "get", {
    request: getSmall,
    goals: [costGoal("get", "k6", 3.5), costGoal("get", "wrk", 0.6)],
  }),
  ...[100, 1_000, 5_000, 10_000].map(journey),
  single("tls-http1", "GET with a check over TLS, HTTP/1.1, 50 VUs", "get", {
    protocol: "tls",
    request: getSmall,
  }),
  single("tls-http2", "GET with a check over TLS, HTTP/2, 50 VUs", "getHttp2", {
    protocol: "http2",
    request: getSmall,
    goals: [costGoal("tls-http2", "k6", 3)],
  }),
  single("post-2kb", "POST of 2 KB of JSON with a check, 50 VUs", "post", {
    request: { method: "POST", path: "/orders" },
  }),
  single("large-used", "GET of 100 KB, the body used by the check, 50 VUs", "largeUsed", {
    tools: scriptTools,
  }),
  single("large-discarded", "GET of 100 KB, the body discarded, 50 VUs", "largeDiscarded", {
    request: { method: "GET", path: "/large" },
    discardResponseBodies: true,
  }),
  single("tags-500", "GET with a check, 500 distinct tag sets, 50 VUs", "tagged", {
    tools: scriptTools,
  }),
  arrivalRate(1_000, openTools, []),
  arrivalRate(5_000, scriptTools, [
    {
      name: "iterations started / due",
      unit: "%",
      atLeast: 100,
      value: (all) =>
        worst(all.get("arrival-5000"), "lakh", ({ schedule }) =>
          schedule === undefined ? undefined : (100 * schedule.started) / schedule.due,
        ),
    },
    {
      name: "start lateness, p99 over the run",
      unit: "ms",
      atMost: 5,
      value: (all) =>
        worst(all.get("arrival-5000"), "lakh", ({ schedule }) => schedule?.latenessP99Ms, Math.max),
    },
  ]),
  arrivalRate(10_000, openTools, []),
  {
    ...single("truth", "the journey at 5,000 VUs, answers after a fixed 20 ms", "default", {}),
    load: { ...journeyLoad(5_000), shape: { kind: "ramped", vus: 5_000, rampSeconds: 5 } },
    target: { delayMs: 20 },
    tools: scriptTools,
    times: {
      full: { warmUpSeconds: 8, seconds: 30 },
      quick: { warmUpSeconds: 6, seconds: 6 },
    },
    goals: [
      {
        name: "reported p95 off the target's own",
        unit: "%",
        atMost: 5,
        value: (all) =>
          worst(
            all.get("truth"),
            "lakh",
            ({ reported, truth }) =>
              reported?.p95Ms === undefined || truth.p95Ms === undefined
                ? undefined
                : 100 * Math.abs(reported.p95Ms / truth.p95Ms - 1),
            Math.max,
          ),
      },
    ],
    hasBaseline: false,
    note:
      "the truth is what the target itself measured over the whole run, as the reported figures are; the VUs begin over " +
      "5 s, since of 5,000 requests at one instant most wait in the kernel, where the target does not see them",
  },
  {
    ...single("workers-2", "single GET with a check, 200 VUs, two worker threads", "get", {}),
    load: { ...load("get"), shape: { kind: "closed", vus: 200 } },
    tools: ["lakh", "lakh --workers 2"],
    goals: [
      {
        name: "rate of two workers to one, each worker with a core of its own",
        unit: "x",
        atLeast: 1.8,
        value: (all) => workersGain(all.get("workers-2")),
      },
    ],
    note:
      "with three cores or more the rates are compared as they are. On two cores the target takes part of the second " +
      "worker's, so the gain is (requests per CPU-second of two / of one) x (2 - cores that were idle with two): what " +
      "contention between the threads costs is in it, and so is time in which a thread waited",
  },
  {
    ...single("vus-20000", "20,000 VUs in one process at a low rate", "patient", {}),
    load: { ...load("patient"), shape: { kind: "closed", vus: 20_000 } },
    target: { idleSeconds: 5 },
    tools: scriptTools,
    times: {
      full: { warmUpSeconds: 20, seconds: 60 },
      quick: { warmUpSeconds: 3, seconds: 10 },
    },
    goals: [
      {
        name: "requests answered a second",
        unit: "requests/s",
        atLeast: 300,
        value: (all) => worst(all.get("vus-20000"), "lakh", (result) => result.ratePerSecond),
      },
    ],
    hasBaseline: false,
    note: "the target closes idle connections after 5 s, so that open files of 20,000 do for both sides",
  },
  {
    ...single("soak", "single GET with a check, 5,000,000 requests, 50 VUs", "get", {}),
    load: { ...load("get"), shape: { kind: "counted", vus: 50, iterations: 5_100_000 } },
    tools: ["lakh"],
    requests: {
      full: { fromRequests: 500_000, toRequests: 5_000_000 },
      quick: { fromRequests: 50_000, toRequests: 250_000 },
    },
    goals: [
      {
        name: "RSS at the second reading minus RSS at the first",
        unit: "MB",
        atMost: 10,
        value: (all) => worst(all.get("soak"), "lakh", (result) => result.rssGrowthMb, Math.max),
      },
    ],
    hasBaseline: false,
    note: "readings after 500,000 and 5,000,000 requests (--quick: 50,000 and 250,000), each the median of the last second's",
  },
];

function load(exec: string): Load {
  return { script: "requests", exec, shape: fifty, protocol: "http" };
}

function journeyLoad(vus: number): Load {
  return { script: "journey", exec: "default", shape: { kind: "closed", vus }, protocol: "http" };
}

function single(
  name: string,
  title: string,
  exec: string,
  more: Partial<Pick<Load, "protocol" | "request" | "discardResponseBodies">> &
    Partial<Pick<Scenario, "goals" | "tools">>,
): Scenario {
  const { goals = [], tools = allTools, ...rest } = more;
  return {
    name,
    title,
    load: { ...load(exec), ...rest },
    target: {},
    tools,
    goals,
    hasBaseline: true,
  };
}

function journey(vus: number): Scenario {
  const name = `journey-${vus}`;
  const goals: Goal[] = [];
  if (vus === 5_000)
    goals.push(
      costGoal(name, "k6", 8),
      {
        name: "peak RSS against k6",
        unit: "x",
        atMost: 0.1,
        value: (all) => ratioOf(all.get(name), "peakRssMb", "lakh", "k6"),
      },
      {
        name: "start: 5,000 VUs ready and the first request at the target",
        unit: "ms",
        atMost: 1_000,
        value: (all) => worst(all.get(name), "lakh", (result) => result.firstRequestMs, Math.max),
      },
    );
  if (vus === 10_000)
    goals.push({
      name: "RSS a VU, from 1,000 to 10,000 VUs",
      unit: "KB",
      atMost: 20,
      value: (all) => {
        const rss = (of: string): number | undefined =>
          worst(all.get(of), "lakh", (result) => result.rssMb, Math.max);
        const [few, many] = [rss("journey-1000"), rss("journey-10000")];
        return few === undefined || many === undefined ? undefined : ((many - few) * 1_024) / 9_000;
      },
    });
  return {
    name,
    title: `the guide's journey, ${vus.toLocaleString("en")} VUs`,
    load: journeyLoad(vus),
    target: {},
    tools: journeyTools,
    goals,
    hasBaseline: true,
  };
}

function arrivalRate(ratePerSecond: number, tools: readonly string[], goals: Goal[]): Scenario {
  const [name, rate] = [`arrival-${ratePerSecond}`, ratePerSecond.toLocaleString("en")];
  // its goals are about a minute of schedule
  const exec = goals.length === 0 ? "get" : "getWhenDue";
  const scenario: Scenario = {
    ...single(name, `constant arrival rate of ${rate}/s, GET with a check`, exec, {
      tools,
      goals,
    }),
    load: { ...load(exec), shape: { kind: "open", ratePerSecond, vus: 500 }, request: getSmall },
  };
  return goals.length === 0
    ? scenario
    : {
        ...scenario,
        times: {
          full: { warmUpSeconds: 8, seconds: 50 },
          quick: { warmUpSeconds: 2, seconds: 8 },
        },
      };
}

function costGoal(scenario: string, against: string, atLeast: number): Goal {
  return {
    name: `requests per CPU-second against ${against}`,
    unit: "x",
    atLeast,
    value: (all) => ratioOf(all.get(scenario), "requestsPerCpuSecond", "lakh", against),
  };
}

/** The worst value of a tool's rounds. */
function worst(
  results: Results | undefined,
  tool: string,
  value: (result: Result) => number | undefined,
  pick: (...values: number[]) => number = Math.min,
): number | undefined {
  const values = (results?.get(tool) ?? []).map(value).filter((x) => x !== undefined);
  return values.length === 0 ? undefined : pick(...values);
}

function workersGain(results: Results | undefined): number | undefined {
  const [one] = results?.get("lakh") ?? [];
  const [two] = results?.get("lakh --workers 2") ?? [];
  if (one === undefined || two === undefined) return undefined;
  if (!two.sharesTargetCore) return ratioOf(results, "ratePerSecond", "lakh --workers 2", "lakh");
  const cost = ratioOf(results, "requestsPerCpuSecond", "lakh --workers 2", "lakh")!;
  return cost * (2 - two.idleCores);
}
