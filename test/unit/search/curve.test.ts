import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findKnee, fitUsl, type TrialOutcome } from "../../../src/search/index.ts";

interface Point {
  readonly rate: number;
  readonly through?: number;
  readonly meanMs: number;
  readonly p95Ms?: number;
}

const trialOf = ({ rate, through = rate, meanMs, p95Ms = 2 * meanMs }: Point): TrialOutcome => ({
  plan: { purpose: "ramp", ratePerSecond: rate, warmUpMs: 5_000, steadyMs: 30_000 },
  verdict: "INCONCLUSIVE",
  sentence: "",
  isGeneratorLimit: false,
  hasCollapsed: false,
  rows: [],
  achievedPerSecond: through,
  goodPerSecond: through,
  meanMs,
  p50Ms: meanMs,
  p95Ms,
  p99Ms: p95Ms,
  startedAtMs: 0,
  endedAtMs: 35_000,
});

/** A trial with N in flight of a target that follows the law exactly. */
function lawful(inFlight: number, [l, s, c]: readonly [number, number, number]): TrialOutcome {
  const perSecond = (l * inFlight) / (1 + s * (inFlight - 1) + c * inFlight * (inFlight - 1));
  return trialOf({ rate: perSecond, meanMs: (inFlight / perSecond) * 1_000 });
}

const close = (found: number, expected: number, share = 1e-6): void =>
  assert.ok(Math.abs(found / expected - 1) < share, `${found}, expected ${expected}`);

describe("Universal Scalability Law", () => {
  const law = [100, 0.02, 0.0005] as const;
  const flights = [1, 2, 4, 8, 16, 32, 48];

  it("finds the law that trials follow, and its peak at sqrt((1 - s) / c)", () => {
    const { fit } = fitUsl(flights.map((inFlight) => lawful(inFlight, law)));
    close(fit!.ratePerSecond, 100);
    close(fit!.contention, 0.02);
    close(fit!.coherence, 0.0005);
    assert.ok(fit!.residual < 1e-9);
    const inFlight = Math.sqrt(0.98 / 0.0005);
    close(fit!.peak!.inFlight, inFlight);
    close(
      fit!.peak!.requestsPerSecond,
      (100 * inFlight) / (1 + 0.02 * (inFlight - 1) + 0.0005 * inFlight * (inFlight - 1)),
    );
  });

  it("shows no peak where there is none, and none far beyond what was tested", () => {
    const contention = fitUsl(flights.map((inFlight) => lawful(inFlight, [100, 0.05, 0])));
    close(contention.fit!.contention, 0.05);
    assert.ok(contention.fit!.coherence < 1e-9);
    assert.equal(contention.fit!.peak, null);
    const low = fitUsl([1, 1.5, 2, 3, 5, 8].map((inFlight) => lawful(inFlight, law)));
    assert.equal(low.fit!.peak, null, "the peak is at 44 in flight, 8 were tested");
  });

  it("fits no faster than one at a time and no negative cost", () => {
    const { fit } = fitUsl(flights.map((inFlight) => lawful(inFlight, [100, 0, 0.001])));
    assert.ok(fit!.contention >= 0 && fit!.contention < 1e-9);
    close(fit!.coherence, 0.001);
  });

  it("is not shown for few trials, for trials near to each other, and for those that do not follow it", () => {
    const few = fitUsl(flights.slice(0, 5).map((inFlight) => lawful(inFlight, law)));
    assert.match(few.reason!, /needs 6 trials .* there are 5/u);
    const near = fitUsl([10, 11, 12, 13, 14, 15].map((inFlight) => lawful(inFlight, law)));
    assert.match(near.reason!, /too near/u);
    const wild = fitUsl(
      flights.map((inFlight, index) =>
        trialOf({ rate: 100 + 40 * (index % 2), meanMs: 10 * inFlight * (1 + (index % 3)) }),
      ),
    );
    assert.match(wild.reason!, /do not follow/u);
  });
});

describe("knee", () => {
  it("finds where latency bends and where less comes through", () => {
    const points = [10, 20, 40, 80, 120, 160, 180, 190, 200, 220].map((rate) => ({
      rate,
      through: Math.min(rate, 195),
      meanMs: rate <= 160 ? 20 + rate / 100 : 22 * Math.exp((rate - 160) / 15),
    }));
    const { latency, throughput } = findKnee(points.map(trialOf));
    assert.equal(latency, 160);
    assert.equal(throughput, 220, "195 of 200 are 97.5 %, which chance may do in 30 s");
  });

  it("finds none in a straight line", () => {
    const points = [10, 20, 40, 80, 120, 160].map((rate, index) => ({
      rate,
      meanMs: 20 * Math.exp(rate / 500) * (index % 2 === 0 ? 1.01 : 0.99),
    }));
    assert.deepEqual(findKnee(points.map(trialOf)), { latency: null, throughput: null });
  });
});
