/** What the record gets of the exchanges that workers kept: the right ones, whichever worker told first, within bounds. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ExchangeParcel } from "../../../src/engine/index.ts";
import { chooseFairly, KeptExchanges } from "../../../src/run/kept-exchanges.ts";
import { keptExchange } from "../../support/exchange.ts";

const failure = (
  name: string,
  count: number,
  atMs: readonly number[] = [],
  status = 503,
): ExchangeParcel["failures"][number] => ({
  method: "GET",
  name,
  status,
  errorCode: 1_000 + status,
  count,
  samples: atMs.map((at) => keptExchange({ name, method: "GET", atMs: at, status })),
});

describe("chooseFairly", () => {
  it("takes the slowest of each endpoint before the second of any", () => {
    const chatty = Array.from({ length: 20 }, (_, n) => keptExchange({ name: "/slow" }, 1_000 + n));
    const quiet = ["/a", "/b", "/c"].map((name, n) => keptExchange({ name }, 10 + n));
    const chosen = chooseFairly([...chatty, ...quiet], { each: 3, all: 5 });
    assert.deepEqual(
      chosen.map(({ name, timings }) => [name, timings.durationMs]),
      [
        ["/slow", 1_019],
        ["/c", 12],
        ["/b", 11],
        ["/a", 10],
        ["/slow", 1_018],
      ],
    );
  });
});

describe("KeptExchanges", () => {
  it("adds up the kinds of all workers, keeps the two earliest of each, and orders by how many", () => {
    const kept = new KeptExchanges();
    kept.add({ failures: [failure("/a", 3, [20, 40])], slowest: undefined }, 1);
    kept.add({ failures: [failure("/b", 9, [5])], slowest: undefined }, 0);
    kept.add(
      { failures: [failure("/a", 4, [10, 30]), failure("/a", 1, [7], 404)], slowest: [] },
      0,
    );
    const { failures, furtherFailures } = kept.toRecord();
    assert.deepEqual(
      failures.map(({ name, status, count, samples }) => [
        name,
        status,
        count,
        samples.map(({ atMs }) => atMs),
      ]),
      [
        ["/b", 503, 9, [5]],
        ["/a", 503, 7, [10, 20]],
        ["/a", 404, 1, [7]],
      ],
    );
    assert.equal(furtherFailures, 0);
  });

  it("does not depend on the order in which workers tell, nor on how ticks cut what they tell", () => {
    const exchange = fc
      .record({ name: fc.constantFrom("/a", "/b", "/c"), atMs: fc.nat(50), vu: fc.nat(3) })
      .map((parts) => keptExchange({ ...parts, isSteady: parts.atMs > 10 }, 1 + (parts.atMs % 7)));
    const parcels = fc.array(fc.array(exchange, { maxLength: 20 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(parcels, (workers) => {
        const forwards = new KeptExchanges();
        const backwards = new KeptExchanges();
        const toFailure = (sample: ReturnType<typeof keptExchange>): ExchangeParcel => ({
          failures: [{ ...failure(sample.name, 1), samples: [sample] }],
          slowest: undefined,
        });
        for (const [worker, all] of workers.entries()) {
          for (const each of all) forwards.add(toFailure(each), worker);
          forwards.add({ failures: [], slowest: all }, worker);
        }
        for (const [worker, all] of [...workers.entries()].reverse()) {
          backwards.add({ failures: [], slowest: all.toReversed() }, worker);
          for (const each of all.toReversed()) backwards.add(toFailure(each), worker);
        }
        assert.deepEqual(forwards.toRecord(), backwards.toRecord());
      }),
      { numRuns: 300 },
    );
  });

  it("counts what is beyond 50 kinds, and loses none", () => {
    const kept = new KeptExchanges();
    for (let worker = 0; worker < 3; worker++) {
      const failures = Array.from({ length: 40 }, (_, n) => failure(`/${worker}/${n}`, n + 1, [n]));
      const rest = { ...failure("", 5), name: null, status: 0, errorCode: 0, method: "" };
      kept.add({ failures: [...failures, rest], slowest: undefined }, worker);
    }
    const { failures, furtherFailures } = kept.toRecord();
    assert.equal(failures.length, 50);
    const told = failures.reduce((sum, { count }) => sum + count, 0);
    assert.equal(told + furtherFailures, 3 * (820 + 5));
    assert.ok(failures.every(({ name }) => name !== null));
  });

  it("takes what a worker told last of its slowest, and up to 30 and 10 of all", () => {
    const kept = new KeptExchanges();
    kept.add({ failures: [], slowest: [keptExchange({ name: "/old" }, 9_999)] }, 0);
    const all = Array.from({ length: 60 }, (_, n) =>
      keptExchange({ name: `/${n}`, isSteady: n < 40 }, n + 1),
    );
    kept.add({ failures: [], slowest: all }, 0);
    const { slowest } = kept.toRecord();
    assert.equal(slowest.filter(({ isSteady }) => isSteady).length, 30);
    assert.equal(slowest.filter(({ isSteady }) => !isSteady).length, 10);
    assert.ok(!slowest.some(({ name }) => name === "/old"));
    const durations = slowest.map(({ timings }) => timings.durationMs);
    assert.deepEqual(
      durations,
      durations.toSorted((a, b) => b - a),
    );
  });

  it("stays within 256 KB: bodies are left out before anything else", () => {
    const body = {
      kind: "text",
      text: "ö".repeat(2_048),
      shownBytes: 2_048,
      bytes: 9_999,
    } as const;
    const large = { headers: [], furtherHeaders: 0, body };
    const kept = new KeptExchanges();
    for (let n = 0; n < 50; n++) {
      const samples = [1, 2].map((atMs) =>
        keptExchange({ name: `/${n}`, atMs, request: large, response: large }),
      );
      kept.add({ failures: [{ ...failure(`/${n}`, 50 - n), samples }], slowest: undefined }, 0);
    }
    const { failures } = kept.toRecord();
    const bytes = Buffer.byteLength(JSON.stringify(failures));
    assert.ok(bytes < 270_000 && bytes > 200_000, String(bytes));
    assert.ok(failures.every(({ samples }) => samples.length > 0));
    assert.equal(failures[0]!.samples[0]!.request.body?.kind, "text");
    assert.deepEqual(failures.at(-1)!.samples[0]!.request.body, {
      kind: "not-kept",
      reason: "no-room",
    });
  });
});
