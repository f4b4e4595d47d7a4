import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Snapshot, Update } from "../../../../src/page/index.ts";
import { Model } from "../../../../src/page/live/model.ts";
import { openLiveRun } from "../../../support/live-run.ts";
import { EventReader } from "../../../support/server-events.ts";

describe("Model", () => {
  it("comes to the same by updates as by a snapshot of the end", async (t) => {
    const { dashboard, stub, run } = await openLiveRun();
    t.after(() => dashboard.close());
    const early = await EventReader.open(dashboard.url);
    await early.until(({ event }) => event === "snapshot");
    for (let second = 0; second < 15; second++) {
      for (let index = 0; index <= second; index++)
        stub.request(`endpoint ${index}`, index + second, index % 3 === 0 ? { status: "500" } : {});
      stub.add("checks", second % 2, { check: `check ${second % 4}`, group: "" });
      stub.thresholds = [{ metric: "m", source: "p(95)<1", ok: second > 7, actual: second }];
      stub.tell(run);
    }
    const late = await EventReader.open(dashboard.url);
    const { data } = await late.until(({ event }) => event === "snapshot");
    const { seq } = data as Snapshot;
    await early.until(
      ({ event, data: each }) => event === "update" && (each as Update).seq === seq,
    );
    const [byUpdates, bySnapshot] = [new Model(), new Model()];
    for (const { event, data: each } of early.events) {
      if (event === "snapshot") byUpdates.takeSnapshot(each as Snapshot);
      if (event === "update") byUpdates.takeUpdate(each as Update);
    }
    bySnapshot.takeSnapshot(data as Snapshot);
    const { series: one, ...some } = byUpdates.live!;
    const { series: other, ...same } = bySnapshot.live!;
    assert.deepEqual(some, same);
    assert.equal(some.endpoints.length, 15);
    assert.deepEqual(one.timesMs, other.timesMs);
    for (const column of ["requestsPerSecond", "p95Ms", "activeVus"] as const)
      assert.deepEqual(one.of(column), other.of(column));
    assert.deepEqual(one.errors(0), other.errors(0));
    early.close();
    late.close();
  });

  it("does not grow in four hours", () => {
    const model = new Model();
    const status = {} as Update["status"];
    model.takeSnapshot({
      seq: 0,
      head: null,
      steps: [],
      conclusion: null,
      status,
      history: [],
      errorKinds: [],
      endpoints: { from: 0, names: [], rows: [], more: 0 },
      checks: { from: 0, names: [], rows: [], more: 0 },
      thresholds: [],
      events: [],
    });
    for (let second = 1; second <= 4 * 3_600; second++) {
      const event = { id: second, wallMs: 0, atMs: 0, level: "info", text: "x" } as const;
      model.takeUpdate({ seq: second, status, rows: [[second * 1_000, second]], events: [event] });
    }
    const { series, events } = model.live!;
    assert.ok(series.timesMs.length <= 2_400);
    assert.equal(events.length, 300);
    assert.equal(series.timesMs.at(-1), 4 * 3_600_000);
  });
});
