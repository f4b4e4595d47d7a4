import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseExposition } from "../../../src/observe/exposition.ts";

const page = String.raw`# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total 12.5
process_resident_memory_bytes{worker="0"} 1.5e8
process_resident_memory_bytes{worker="1"} 50000000 1795440269000
nodejs_eventloop_lag_p99_seconds{path="/a} 9 #",note="say \"x\" 7"} 0.011 # {trace_id="abc"} 0.5
weird{} 3
	indented 4
broken{label="never closed 5
nan NaN
positive +Inf
spaced    6
`;

describe("parseExposition", () => {
  it("reads values by name, over all labels", () => {
    const values = parseExposition(page);
    assert.deepEqual(values.get("process_cpu_seconds_total"), { sum: 12.5, max: 12.5 });
    assert.deepEqual(values.get("process_resident_memory_bytes"), { sum: 2e8, max: 1.5e8 });
    assert.deepEqual(values.get("weird"), { sum: 3, max: 3 });
    assert.deepEqual(values.get("indented"), { sum: 4, max: 4 });
    assert.deepEqual(values.get("spaced"), { sum: 6, max: 6 });
  });

  it("is not misled by braces, quotes and numbers in label values, nor by exemplars", () => {
    assert.equal(parseExposition(page).get("nodejs_eventloop_lag_p99_seconds")?.sum, 0.011);
  });

  it("passes over what is no number and what is broken", () => {
    const values = parseExposition(page);
    for (const name of ["nan", "positive", "broken", "HELP", "TYPE"])
      assert.equal(values.has(name), false, name);
  });

  it("reads lines that end in a carriage return", () => {
    assert.equal(parseExposition("a 1\r\nb 2\r\n").get("a")?.sum, 1);
  });

  it("reads back any label value", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (label, value) => {
          const escaped = label
            .replaceAll("\\", "\\\\")
            .replaceAll('"', '\\"')
            .replaceAll("\n", "\\n");
          const written = String(value);
          const read = parseExposition(`m{a="${escaped}",b="x"} ${written}\n`).get("m");
          // -0 is written as 0.
          assert.equal(read?.max, Number(written));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is not stalled by hostile lines", () => {
    const hostile = `m{${'a="'.repeat(20_000)}\n${"{".repeat(50_000)}\n${'m{a="\\'.repeat(20_000)}`;
    assert.deepEqual([...parseExposition(`${hostile}\nok 1\n`)], [["ok", { sum: 1, max: 1 }]]);
  });
});
