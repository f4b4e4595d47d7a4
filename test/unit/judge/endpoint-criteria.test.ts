/** Objectives of single endpoints: the same rule as for all requests, and never a PASS without data. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CriterionResult, judge, type Verdict } from "../../../src/judge/index.ts";
import type {
  EndpointIntervalRecord,
  EndpointObjectiveRecord,
  EndpointRecord,
  RunRecord,
} from "../../../src/record/index.ts";
import { healthyIntervals, healthyRecord } from "../../support/record.ts";

const home: EndpointObjectiveRecord = {
  name: "/home",
  method: "GET",
  latency: [{ share: 0.95, limitMs: 200 }],
  errorShare: 0.01,
};

const quiet: EndpointIntervalRecord = { requests: 111, failedRequests: 0, slowRequests: [0] };

function row(name: string, method: string): EndpointRecord {
  const times = { avgMs: 20, p50Ms: 18, p90Ms: 30, p95Ms: 41, p99Ms: 60, maxMs: 90 };
  return { name, method, requests: 6_660, failed: 0, ...times };
}

function judged(
  counts: (second: number) => EndpointIntervalRecord | undefined,
  objective: EndpointObjectiveRecord = home,
  overrides: Partial<RunRecord> = {},
): Verdict {
  const change = (second: number): object => {
    const own = counts(second);
    return own === undefined ? {} : { endpoints: [own] };
  };
  const base = healthyRecord();
  const intervals = healthyIntervals(change).map((interval) => ({
    endpoints: [quiet],
    ...interval,
  }));
  return judge({
    ...base,
    objectives: { ...base.objectives!, endpoints: [objective] },
    endpoints: [row("/home", "GET"), row("/login", "POST")],
    intervals,
    ...overrides,
  });
}

function endpointRows({ scorecard }: Verdict): CriterionResult[] {
  return scorecard.filter(({ endpoint }) => endpoint !== undefined);
}

describe("an endpoint with objectives of its own", () => {
  it("has a row for each, named", () => {
    const verdict = judged(() => quiet);
    assert.equal(verdict.verdict, "PASS");
    assert.deepEqual(
      endpointRows(verdict).map(({ id, label, required, measured, status }) => [
        id,
        label,
        required,
        measured,
        status,
      ]),
      [
        ["latency_p95", "p95 latency of GET /home", "< 200 ms", "41 ms", "PASS"],
        ["error_rate", "error rate of GET /home", "< 1 %", "0 % (0 of 6,660)", "PASS"],
      ],
    );
  });

  it("fails the run by itself, however good the others are", () => {
    // 20 of 111 slow: 18 % against 5 % allowed; of all 444 requests that is 4.5 %
    const verdict = judged(() => ({ ...quiet, slowRequests: [20] }));
    assert.equal(verdict.verdict, "FAIL");
    const [latency, errors] = endpointRows(verdict);
    assert.equal(latency!.status, "FAIL");
    assert.match(latency!.explanation, /1,200 of 6,660 requests were slower than 200 ms/u);
    assert.equal(errors!.status, "PASS");
  });

  it("fails by its errors", () => {
    const verdict = judged(() => ({ ...quiet, failedRequests: 5 }));
    assert.equal(endpointRows(verdict)[1]!.status, "FAIL");
    assert.equal(verdict.verdict, "FAIL");
  });

  it("that got no request fails, with the names that there were", () => {
    const verdict = judged(() => ({ requests: 0, failedRequests: 0, slowRequests: [0] }));
    assert.equal(verdict.verdict, "FAIL");
    for (const { status, measured, explanation } of endpointRows(verdict)) {
      assert.equal(status, "FAIL");
      assert.equal(measured, "no data");
      assert.match(explanation, /no request .* had this name .* GET \/home and POST \/login$/u);
    }
  });

  it("is inconclusive where the record does not count it", () => {
    const verdict = judged((second) => (second === 30 ? { ...quiet, slowRequests: [] } : quiet));
    assert.notEqual(verdict.verdict, "PASS");
    const bare = judge({
      ...healthyRecord(),
      objectives: { ...healthyRecord().objectives!, endpoints: [home] },
    });
    assert.deepEqual(
      endpointRows(bare).map(({ status }) => status),
      ["INCONCLUSIVE", "INCONCLUSIVE"],
    );
    assert.equal(bare.verdict, "INCONCLUSIVE");
  });

  it("is inconclusive on few requests", () => {
    const verdict = judged((second) =>
      second % 2 === 0 ? { ...quiet, requests: 1 } : { ...quiet, requests: 0 },
    );
    assert.equal(endpointRows(verdict)[0]!.status, "INCONCLUSIVE");
  });

  it("does not pass on answers that failed fast", () => {
    const verdict = judged(() => ({ ...quiet, failedRequests: 30 }), { ...home, errorShare: null });
    const [latency] = endpointRows(verdict);
    assert.equal(latency!.status, "INCONCLUSIVE");
    assert.match(latency!.explanation, /how fast they failed is not how fast the target answers/u);
  });

  it("of any method takes all of them, and shows counts for their percentile", () => {
    const any = { name: "/home", latency: [{ share: 0.95, limitMs: 200 }], errorShare: null };
    const endpoints = [row("/home", "GET"), row("/home", "HEAD")];
    const [latency] = endpointRows(judged(() => quiet, any, { endpoints }));
    assert.equal(latency!.label, "p95 latency of /home");
    assert.equal(latency!.measured, "0 % slower");
    assert.equal(latency!.status, "PASS");
  });

  it("makes a record whose counts cannot be invalid", () => {
    for (const counts of [
      { ...quiet, requests: 445 },
      { ...quiet, failedRequests: 112 },
      { ...quiet, slowRequests: [112] },
      { ...quiet, requests: -1 },
    ]) {
      const { verdict, sentence } = judged((second) => (second === 3 ? counts : quiet));
      assert.equal(verdict, "INVALID", JSON.stringify(counts));
      assert.match(sentence, /does not add up/u);
    }
    const limit = { ...home, latency: [{ share: 1, limitMs: 200 }] };
    assert.equal(judged(() => quiet, limit).verdict, "INVALID");
  });
});
