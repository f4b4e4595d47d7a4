/** A record in which every list has an element and every optional part is there, so that a test meets each field. */
import type { RunRecord } from "../../../src/record/index.ts";
import { keptExchange } from "../../support/exchange.ts";
import { healthyRecord } from "../../support/record.ts";

export function fullRecord(changes: Partial<RunRecord> = {}): RunRecord {
  return healthyRecord({
    scenarios: [
      {
        name: "daily_users",
        executor: "constant-arrival-rate",
        startTimeMs: 0,
        durationMs: 65_000,
        maxVus: 5_000,
        config: { rate: 111, timeUnit: "1s" },
      },
    ],
    options: { summaryTrendStats: ["avg", "p(95)"] },
    plan: {
      dau: 100_000,
      steps: [{ quantity: "peak rate", formula: "D r h b / 3600", value: 444, unit: "requests/s" }],
    },
    metrics: [
      { name: "http_reqs", type: "counter", contains: "default", values: { count: 9, rate: 1.5 } },
    ],
    endpoints: [
      {
        name: "home",
        method: "GET",
        requests: 9,
        failed: 0,
        avgMs: 15,
        p50Ms: 12,
        p90Ms: 30,
        p95Ms: 41,
        p99Ms: 96,
        maxMs: 420,
      },
    ],
    exchanges: {
      slowest: [keptExchange({ status: 200, errorCode: 0 })],
      failures: [
        {
          method: "POST",
          name: "/login",
          status: 503,
          errorCode: 1_503,
          error: "",
          count: 412,
          samples: [keptExchange()],
        },
      ],
      furtherFailures: 0,
    },
    exceptions: [{ message: "Error: boom at script.js:3:7", count: 2 }],
    ...changes,
  });
}
