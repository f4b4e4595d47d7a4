/**
 * How often the memory row is wrong, over soaks with known truth: at most 5 % of those without a leak may FAIL, whatever
 * noise they have, and leaks of 2 % and 5 % an hour are found in four hours. Each kind of noise is drawn by 200 seeds.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeMemory } from "../../src/judge/target-memory.ts";
import { healthyRecord } from "../support/record.ts";

const baseline = 380e6;
const readingMs = 15_000;
const readingsPerHour = 240;
const seeds = 200;
const healthy = healthyRecord();

type Random = () => number;
/** Bytes to add to the baseline at the n-th reading. */
type Noise = (reading: number) => number;

/** Mulberry32: the same soaks on every machine. */
function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const white =
  (share: number) =>
  (random: Random): Noise =>
  () =>
    gauss(random) * share * baseline;

/** First-order autoregressive, a new value each `every` readings (20 are five minutes: a window of the judge). */
const autoregressive =
  (correlation: number, { share, every }: { share: number; every: number }) =>
  (random: Random): Noise => {
    let value = gauss(random) * share * baseline;
    let step = 0;
    return (reading) => {
      for (; step < Math.floor(reading / every); step++) {
        const fresh = gauss(random) * share * baseline * Math.sqrt(1 - correlation ** 2);
        value = correlation * value + fresh;
      }
      return value;
    };
  };

/** Grows until a collector takes 10 to 40 % of the baseline away. */
const sawTooth = (random: Random): Noise => {
  let grown = 0;
  let limit = 0;
  return () => {
    grown += (0.005 + 0.005 * random()) * baseline;
    if (grown > limit) {
      grown = 0;
      limit = (0.1 + 0.3 * random()) * baseline;
    }
    return grown + gauss(random) * 0.002 * baseline;
  };
};

/** Fills up to the baseline, by two thirds each `minutes`. */
const warmUp =
  (minutes: number, share: number) =>
  (random: Random): Noise =>
  (reading) =>
    -share * baseline * Math.exp(-reading / (minutes * 4)) + gauss(random) * 0.01 * baseline;

/** Falls to `share` of the baseline at some time of the first hours, and fills up again. */
const restart =
  (share: number) =>
  (random: Random): Noise => {
    const at = 200 + Math.floor(random() * 300);
    return (reading) => {
      const lost = reading < at ? 0 : (1 - share) * Math.exp(-(reading - at) / 40);
      return -lost * baseline + gauss(random) * 0.01 * baseline;
    };
  };

/** Shares of the statuses over all seeds. */
function shares(
  noiseOf: (random: Random) => Noise,
  { hours, leakPerHour }: { hours: number; leakPerHour: number },
): Record<"PASS" | "FAIL" | "INCONCLUSIVE", number> {
  const counts = { PASS: 0, FAIL: 0, INCONCLUSIVE: 0, NOT_JUDGED: 0 };
  for (let seed = 0; seed < seeds; seed++) {
    const noise = noiseOf(randomOf(seed * 7_919 + 13));
    const points = Array.from({ length: hours * readingsPerHour }, (_, reading) => {
      const bytes = baseline * (1 + (leakPerHour * reading) / readingsPerHour) + noise(reading);
      return [reading * readingMs, Math.max(1e6, bytes)] as const;
    });
    const record = {
      ...healthy,
      steadyState: { fromMs: 0, toMs: hours * 3_600_000, rule: "soak" },
      observations: [{ name: "memory_bytes", unit: "bytes", source: "pid 1", points }],
    } as const;
    counts[judgeMemory(record).status]++;
  }
  const { PASS, FAIL, INCONCLUSIVE } = counts;
  return { PASS: PASS / seeds, FAIL: FAIL / seeds, INCONCLUSIVE: INCONCLUSIVE / seeds };
}

const kinds: Readonly<Record<string, (random: Random) => Noise>> = {
  "white noise of 1 %": white(0.01),
  "white noise of 5 %": white(0.05),
  "AR(1) 0.5 from reading to reading": autoregressive(0.5, { share: 0.01, every: 1 }),
  "AR(1) 0.9 from reading to reading": autoregressive(0.9, { share: 0.05, every: 1 }),
  "AR(1) 0.5 from window to window": autoregressive(0.5, { share: 0.02, every: 20 }),
  "AR(1) 0.9 from window to window": autoregressive(0.9, { share: 0.01, every: 20 }),
  "strong AR(1) 0.9 from window to window": autoregressive(0.9, { share: 0.05, every: 20 }),
  "the saw-tooth of a collector": sawTooth,
  "a warm-up of 20 min that saturates": warmUp(20, 0.5),
  "a warm-up of 60 min that saturates": warmUp(60, 0.5),
  "a slow warm-up by a tenth": warmUp(60, 0.1),
  "a restart that frees 60 %": restart(0.4),
  "a restart that frees 40 %": restart(0.6),
};

for (const [name, noiseOf] of Object.entries(kinds)) {
  test(`without a leak, at most 5 % of the soaks fail: ${name}`, () => {
    for (const hours of [2.25, 4]) {
      const { FAIL } = shares(noiseOf, { hours, leakPerHour: 0 });
      assert.ok(FAIL <= 0.05, `${hours} h: ${FAIL}`);
    }
  });

  test(`a leak of 5 % an hour passes in at most 5 % of the soaks: ${name}`, () => {
    const { PASS } = shares(noiseOf, { hours: 4, leakPerHour: 0.05 });
    assert.ok(PASS <= 0.05, String(PASS));
  });
}

for (const name of [
  "white noise of 1 %",
  "AR(1) 0.5 from reading to reading",
  "the saw-tooth of a collector",
]) {
  test(`four hours are enough to find leaks, and to see that there is none: ${name}`, () => {
    const noiseOf = kinds[name]!;
    assert.ok(shares(noiseOf, { hours: 4, leakPerHour: 0 }).PASS >= 0.9);
    assert.ok(shares(noiseOf, { hours: 4, leakPerHour: 0.02 }).FAIL >= 0.9);
    assert.ok(shares(noiseOf, { hours: 4, leakPerHour: 0.05 }).FAIL >= 0.99);
  });
}
