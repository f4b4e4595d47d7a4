import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { Logger } from "../../../src/base/log.ts";
import {
  Delivery,
  type DeliveryParts,
  type Parcel,
  type Reception,
} from "../../../src/outputs/delivery.ts";

interface Numbered extends Parcel {
  readonly id: number;
}

function parcel(id: number, sampleCount = 10): Numbered {
  return { id, sampleCount, byteLength: 100 };
}

const taken: Reception = { kind: "taken" };
const away: Reception = { kind: "later", reason: "connect ECONNREFUSED" };

interface Post {
  readonly delivery: Delivery<Numbered>;
  readonly lines: readonly string[];
  /** Ids in the order in which the backend saw them. */
  readonly seen: readonly number[];
}

/** A delivery to a backend that answers what `answer` says, with pauses that the test ends. */
function post(
  answer: (
    parcel: Numbered,
    attempt: number,
    signal: AbortSignal,
  ) => Reception | Promise<Reception>,
  parts: Partial<
    Pick<DeliveryParts<Numbered>, "lanes" | "maxWaitingBytes" | "stopGraceMs" | "unit">
  > = {},
): Post {
  const lines: string[] = [];
  const logger: Logger = { log: (level, message) => void lines.push(`${level} ${message}`) };
  const seen: number[] = [];
  const delivery = new Delivery<Numbered>({
    description: "test (there)",
    logger,
    async send(each, signal) {
      seen.push(each.id);
      return await answer(each, seen.length, signal);
    },
    ...parts,
  });
  return { delivery, lines, seen };
}

/** Lets everything happen that waits for no timer. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** Ends pauses until the longest possible is over. */
async function passTime(t: TestContext, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    t.mock.timers.tick(10);
    await settle();
  }
}

describe("Delivery", () => {
  it("sends one at a time, in order, and says nothing when all goes well", async () => {
    let isUnderWay = false;
    const { delivery, lines, seen } = post(async () => {
      assert.equal(isUnderWay, false);
      isUnderWay = true;
      await settle();
      isUnderWay = false;
      return taken;
    });
    for (const id of [1, 2, 3]) delivery.add(parcel(id));
    await delivery.stop();
    assert.deepEqual(seen, [1, 2, 3]);
    assert.deepEqual(delivery.counts, { delivered: 30, lost: 0, requests: 3, failedRequests: 0 });
    assert.deepEqual(lines, []);
  });

  it("tries the same again, with growing pauses, and says once that it does and once that it is over", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let isAway = true;
    const { delivery, lines, seen } = post(() => (isAway ? away : taken));
    delivery.add(parcel(1));
    delivery.add(parcel(2));
    await settle();
    await passTime(t, 1_000);
    const triesInFirstSecond = seen.length;
    await passTime(t, 60_000);
    // 30 ms, doubled each time: five or six in the first second, then one in about five seconds.
    assert.ok(triesInFirstSecond >= 4 && triesInFirstSecond <= 7, String(triesInFirstSecond));
    const later = seen.length - triesInFirstSecond;
    assert.ok(later >= 9 && later <= 18, String(later));
    isAway = false;
    await passTime(t, 10_000);
    assert.deepEqual(new Set(seen.slice(0, -1)), new Set([1]));
    assert.equal(seen.at(-1), 2);
    assert.deepEqual(lines, [
      "warning output test (there): connect ECONNREFUSED; it is tried again, the run goes on",
      "info output test (there): takes samples again",
    ]);
    assert.equal(delivery.counts.lost, 0);
    assert.equal(delivery.counts.delivered, 20);
  });

  it("waits as long as the backend asks for", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { delivery, seen } = post((_, attempt) =>
      attempt === 1 ? { ...away, retryAfterMs: 20_000 } : taken,
    );
    delivery.add(parcel(1));
    await settle();
    await passTime(t, 14_000);
    assert.deepEqual(seen, [1]);
    await passTime(t, 12_000);
    assert.deepEqual(seen, [1, 1]);
  });

  it("drops the oldest when more wait than fit, counts them, and says so once", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let isAway = true;
    const { delivery, lines, seen } = post(() => (isAway ? away : taken), { maxWaitingBytes: 300 });
    for (let id = 1; id <= 8; id++) delivery.add(parcel(id));
    isAway = false;
    await settle();
    await passTime(t, 100);
    // The first was under way; of the others the newest three fit.
    assert.deepEqual(new Set(seen), new Set([1, 6, 7, 8]));
    await delivery.stop();
    assert.equal(delivery.counts.lost, 40);
    assert.equal(delivery.counts.delivered, 40);
    assert.equal(lines.filter((line) => line.includes("oldest samples are dropped")).length, 1);
    assert.match(lines.at(-1)!, /^error .*40 samples did not arrive/u);
  });

  it("goes on with the next after one that is refused, and says each reason once", async () => {
    const { delivery, lines } = post(({ id }) =>
      id % 2 === 0 ? taken : { kind: "refused", reason: "out of order" },
    );
    for (const id of [1, 2, 3, 4, 5]) delivery.add(parcel(id));
    await delivery.stop();
    assert.equal(delivery.counts.delivered, 20);
    assert.equal(delivery.counts.lost, 30);
    assert.deepEqual(lines, [
      "warning output test (there): out of order; these samples are dropped, the run goes on",
      "error output test (there): 30 samples did not arrive: out of order",
    ]);
  });

  it("counts what of a parcel was not taken, and passes on advice", async () => {
    const { delivery, lines } = post(
      ({ id }) =>
        id === 1
          ? { kind: "partly", reason: "3 are too old", lostSamples: 3 }
          : { kind: "taken", advice: "use HTTP/2" },
      { unit: "data points" },
    );
    for (const id of [1, 2, 3]) delivery.add(parcel(id));
    await delivery.stop();
    assert.equal(delivery.counts.delivered, 27);
    assert.equal(delivery.counts.lost, 3);
    assert.deepEqual(lines, [
      "warning output test (there): 3 are too old; these data points are dropped, the run goes on",
      "warning output test (there): use HTTP/2",
      "error output test (there): 3 data points did not arrive: 3 are too old",
    ]);
  });

  it("sends nothing more to a backend that will never take anything", async () => {
    const { delivery, lines, seen } = post(() => ({
      kind: "closed",
      reason: "wrong password",
      hint: "Set it.",
    }));
    delivery.add(parcel(1));
    delivery.add(parcel(2));
    await settle();
    assert.equal(delivery.isClosed, true);
    delivery.add(parcel(3));
    await delivery.stop();
    assert.deepEqual(seen, [1]);
    assert.equal(delivery.counts.lost, 30);
    assert.deepEqual(lines, [
      "error output test (there): wrong password; nothing is sent there any more, the run goes on. Set it.",
      "error output test (there): 30 samples did not arrive: wrong password",
    ]);
  });

  it("takes a rejection for a reason to try again", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { delivery, lines } = post((_, attempt) => {
      if (attempt === 1) throw new Error("socket hang up");
      return taken;
    });
    delivery.add(parcel(1));
    await settle();
    await passTime(t, 100);
    assert.equal(delivery.counts.delivered, 10);
    assert.match(lines[0]!, /socket hang up/u);
  });

  it("gives up at the end, when the time for last tries is over, also on one that hangs", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { delivery, lines } = post(
      (_, __, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve({ kind: "later", reason: "aborted" }));
        }),
      { stopGraceMs: 5_000 },
    );
    delivery.add(parcel(1));
    delivery.add(parcel(2));
    await settle();
    let hasStopped = false;
    const stopped = delivery.stop().then(() => (hasStopped = true));
    await passTime(t, 4_900);
    assert.equal(hasStopped, false);
    await passTime(t, 200);
    await stopped;
    assert.equal(delivery.counts.lost, 20);
    assert.match(lines.at(-1)!, /^error .*20 samples did not arrive/u);
  });

  it("tries at once when the run ends in the middle of a pause", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let isAway = true;
    const { delivery } = post(() => (isAway ? away : taken));
    delivery.add(parcel(1));
    await settle();
    await passTime(t, 3_000);
    isAway = false;
    await delivery.stop();
    assert.equal(delivery.counts.delivered, 10);
  });
});
