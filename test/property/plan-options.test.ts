import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { OptionLayer } from "../../src/plan/index.ts";
import {
  deriveRunPlan,
  mergeOptions,
  recordedOptions,
  parseOptions,
} from "../../src/plan/index.ts";

const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.oneof(fc.constant(undefined), fc.constant(null), values);

const rawOptions = fc.record({
  vus: optional(fc.integer({ min: 1, max: 50 })),
  duration: optional(fc.integer({ min: 1_000, max: 100_000 })),
  iterations: optional(fc.integer({ min: 50, max: 100 })),
  batch: optional(fc.nat({ max: 100 })),
  throw: optional(fc.boolean()),
  userAgent: optional(fc.string()),
  tags: optional(fc.dictionary(fc.string({ minLength: 1 }), fc.string())),
  summaryTrendStats: optional(fc.subarray(["avg", "min", "p(99)", "count"])),
});

const layers: fc.Arbitrary<OptionLayer[]> = fc.array(
  rawOptions.map((raw) => parseOptions(raw, "script")),
  { maxLength: 4 },
);

test("each option has the value of the highest layer that sets it", () => {
  fc.assert(
    fc.property(layers, (list) => {
      const { options } = mergeOptions(...list);
      for (const field of [
        "vus",
        "batch",
        "throw",
        "userAgent",
        "tags",
        "summaryTrendStats",
      ] as const) {
        const setter = list.findLast(({ values }) => values[field] !== undefined);
        assert.deepEqual(
          options[field],
          setter ? setter.values[field] : mergeOptions().options[field],
        );
      }
      const shortcut = list.findLast(
        ({ values }) => values.durationMs !== undefined || values.iterations !== undefined,
      );
      assert.equal(options.durationMs, shortcut?.values.durationMs ?? null);
      assert.equal(options.iterations, shortcut?.values.iterations ?? null);
    }),
    { numRuns: 200 },
  );
});

test("layers below one that sets nothing are untouched by it", () => {
  fc.assert(
    fc.property(layers, (list) => {
      const nothing = parseOptions({ vus: null }, "cli");
      assert.deepEqual(mergeOptions(...list, nothing).options, mergeOptions(...list).options);
    }),
    { numRuns: 100 },
  );
});

test("consolidated options read back as the same plan", () => {
  fc.assert(
    fc.property(rawOptions, (raw) => {
      const plan = deriveRunPlan(mergeOptions(parseOptions(raw, "script")));
      const { scenarios: _derived, ...shown } = recordedOptions(plan);
      const again = deriveRunPlan(mergeOptions(parseOptions(shown, "script")));
      assert.deepEqual(again.scenarios, plan.scenarios);
      assert.deepEqual({ ...again.options, given: [] }, { ...plan.options, given: [] });
    }),
    { numRuns: 150 },
  );
});
