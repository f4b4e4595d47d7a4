import assert from "node:assert/strict";
import { test } from "node:test";
import { createModules } from "../../../src/k6/index.ts";
import { TestVu } from "../../support/k6-vu.ts";

interface Metric {
  name: string;
  add(value: unknown, tags?: unknown): boolean;
}
type Constructor = new (name: string, isTime?: boolean) => Metric;

function declare(
  vu: TestVu,
  type: "Counter" | "Gauge" | "Rate" | "Trend",
  isTime?: boolean,
): Metric {
  const { phase } = vu;
  vu.phase = "init";
  const module = createModules(vu)("k6/metrics") as Record<string, Constructor>;
  const metric = new module[type]!("my_metric", isTime);
  vu.phase = phase;
  return metric;
}

/** Reference 5.2. */
const accepted: readonly (readonly [unknown, number])[] = [
  [3.5, 3.5],
  ["2.5", 2.5],
  [true, 1],
  [false, 0],
  [new Date(1_500), 1_500],
  ["", 0],
  ["0", 1],
  [[], 1],
  [0, 0],
  [-1, -1],
];

for (const [given, value] of accepted) {
  test(`add(${JSON.stringify(given)}) counts as ${value}`, () => {
    const vu = new TestVu();
    assert.equal(declare(vu, "Rate").add(given), true);
    assert.deepEqual(vu.samples, [
      { metric: "my_metric", value, tags: { group: "", scenario: "browse" } },
    ]);
  });
}

const refused: readonly (readonly [unknown, string])[] = [
  [null, "null"],
  [undefined, "undefined"],
  [Number.NaN, "NaN"],
  ["abc", "abc"],
  [{}, "[object Object]"],
];

for (const [given, shown] of refused) {
  test(`add(${shown}) is refused with a warning`, () => {
    const vu = new TestVu();
    assert.equal(declare(vu, "Trend").add(given), false);
    assert.deepEqual(vu.samples, []);
    assert.deepEqual(
      vu.lines.map(({ level, message }) => [level, message]),
      [
        [
          "warning",
          `'${shown}' is an invalid value for metric 'my_metric', a number or a boolean value is expected`,
        ],
      ],
    );
  });
}

test("with the throw option an invalid value is thrown", () => {
  const vu = new TestVu({ options: { throwOnFailure: true } });
  assert.throws(() => declare(vu, "Gauge").add("abc"), {
    name: "GoError",
    message: /^'abc' is an invalid value/u,
  });
});

test("a BigInt is a TypeError", () => {
  assert.throws(() => declare(new TestVu(), "Counter").add(1n), TypeError);
});

test("metrics are declared in the init context and fed outside of it", () => {
  const vu = new TestVu();
  const module = createModules(vu)("k6/metrics") as Record<string, Constructor>;
  assert.throws(() => new module["Counter"]!("late"), {
    message: "metrics must be declared in the init context",
  });
  const metric = declare(vu, "Counter");
  vu.phase = "init";
  assert.throws(() => metric.add(1), {
    message: "Adding to metrics in the init context is not supported",
  });
});

test("tags join those of the VU, and series are found again", () => {
  const vu = new TestVu();
  const metric = declare(vu, "Trend", true);
  for (let i = 0; i < 4; i++) metric.add(i);
  assert.equal(vu.seriesLookups, 1);
  metric.add(9, { page: "home", n: 1 });
  assert.deepEqual(vu.samples.at(-1)!.tags, {
    group: "",
    scenario: "browse",
    page: "home",
    n: "1",
  });
});

test("constructors work without new, and metrics are plain objects with name and add, as in k6", () => {
  const vu = new TestVu();
  vu.phase = "init";
  const module = createModules(vu)("k6/metrics") as Record<string, Constructor>;
  const counter = new module["Counter"]!("a_counter");
  assert.equal((counter as object) instanceof module["Counter"]!, false);
  assert.equal(counter.name, "a_counter");
  assert.deepEqual(Object.keys(counter), ["name", "add"]);
  const plain = module["Counter"] as unknown as (name: string) => { name: string };
  assert.equal(plain("another").name, "another");
});

test("a bad name and a second type are refused in k6's words, as a GoError", () => {
  const vu = new TestVu();
  vu.phase = "init";
  const { Counter, Trend } = createModules(vu)("k6/metrics") as Record<string, Constructor>;
  assert.throws(() => new Counter!("x"), {
    name: "GoError",
    message: /^Invalid metric name: 'x'/u,
  });
  new Counter!("orders");
  assert.throws(() => new Trend!("orders"), {
    name: "GoError",
    message: "metric 'orders' already exists but with type counter, instead of trend",
  });
});
