import { strict as assert } from "node:assert";
import { describe, test } from "node:test";
import { RejectionWatch, type UncaughtRejection } from "../../../src/engine/worker/rejections.ts";

const running = (): { ends: UncaughtRejection[]; reject(error: UncaughtRejection): boolean } => {
  const ends: UncaughtRejection[] = [];
  return { ends, reject: (error) => ends.push(error) > 0 };
};

describe("RejectionWatch", () => {
  test("leaves rejections alone while no VU runs alone", async () => {
    const watch = new RejectionWatch();
    assert.equal(watch.take("before"), false);
    assert.equal(await watch.during(running(), async () => "value"), "value");
    assert.equal(watch.take("after"), false);
  });

  test("gives the first rejection to the VU, and swallows those that follow from it", async () => {
    const watch = new RejectionWatch();
    const vu = running();
    await watch.during(vu, async () => {
      assert.equal(watch.take("first"), true);
      assert.equal(watch.take("second"), true);
    });
    assert.deepEqual(
      vu.ends.map(({ reason }) => reason),
      ["first"],
    );
    await watch.during(vu, async () => void watch.take("of the next"));
    assert.equal(vu.ends.length, 2);
  });

  test("throws one that came to light after the function's end", async () => {
    const watch = new RejectionWatch();
    const ended = { reject: () => false };
    const work = async (): Promise<void> => void setImmediate(() => watch.take("late"));
    await assert.rejects(watch.during(ended, work), { name: "UncaughtRejection", reason: "late" });
    assert.equal(watch.take("after"), false);
  });

  test("lets the exception of the work itself out", async () => {
    const watch = new RejectionWatch();
    const work = (): Promise<never> => Promise.reject(new Error("own"));
    await assert.rejects(watch.during(running(), work), /own/u);
    assert.equal(watch.take("after"), false);
  });
});
