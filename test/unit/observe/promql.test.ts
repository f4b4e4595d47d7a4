import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fillQuery,
  lookBackMs,
  parseMatcher,
  seriesSelectors,
  unitOf,
  writeMatchers,
  writeSeries,
} from "../../../src/observe/promql.ts";

test("matchers are read with every operator, quoted or not, and written with what is special escaped", () => {
  const read = ["namespace=shop", 'pod=~"api-.*"', "pod!=x", "instance!~10[.].*:80", 'a=b"c\\d'];
  assert.equal(
    writeMatchers(read.map((text) => parseMatcher(text)!)),
    'namespace="shop",pod=~"api-.*",pod!="x",instance!~"10[.].*:80",a="b\\"c\\\\d",',
  );
  for (const wrong of ["", "shop", "=shop", "1a=b", "a-b=c", "a b=c"])
    assert.equal(parseMatcher(wrong), undefined, wrong);
});

test("a value of a selector cannot end the braces it stands in", () => {
  const matcher = parseMatcher('pod=x"} or vector(1) #')!;
  assert.equal(
    fillQuery("up{$selector}", { selector: writeMatchers([matcher]), windowMs: 1 }),
    'up{pod="x\\"} or vector(1) #",}',
  );
});

test("the window is written in whole seconds, never shorter than it is", () => {
  const filled = fillQuery("rate(a{$selector}[$window])", {
    selector: "$window,",
    windowMs: 4_001,
  });
  assert.equal(filled, "rate(a{$window,}[5s])");
});

test("a query looks back as far as its longest range, and its subquery around that", () => {
  assert.equal(lookBackMs("sum(up)"), 0);
  assert.equal(lookBackMs("rate(a[1m]) / rate(b[90s])"), 90_000);
  assert.equal(lookBackMs("max_over_time(rate(a[1m])[5m:])"), 360_000);
  assert.equal(lookBackMs("rate(a[1h30m]) + rate(b[1d])"), 86_400_000);
  assert.equal(lookBackMs("rate(a[2w])"), 14 * 86_400_000);
  assert.equal(lookBackMs('rate(a{path="[9h]"}[1m])'), 60_000);
});

test("the series of a query are found, whatever their labels hold", () => {
  assert.deepEqual(
    seriesSelectors('sum by (pod) (rate(a_total{x="]}[",y=~"b"}[1m])) or b:c[5m] or d{} / 2'),
    [
      { name: "a_total", selector: 'a_total{x="]}[",y=~"b"}' },
      { name: "b:c", selector: "b:c" },
      { name: "d", selector: "d{}" },
    ],
  );
  assert.equal(writeSeries("a", { __name__: "a", x: 'q"' }), 'a{x="q\\"",}');
});

test("the unit is what a name ends with", () => {
  const units = [
    "cpu_cores",
    "memory_bytes",
    "event_loop_lag_ms",
    "gc_share",
    "goroutines",
    "bytes",
  ].map(unitOf);
  assert.deepEqual(units, ["cores", "bytes", "ms", "share", "count", "count"]);
});
