/** What every output promises, whatever it writes to: docs/reference/outputs.md in the form of tests. */
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { describe, it } from "node:test";
import { type OutputContext, openOutputs } from "../../src/outputs/index.ts";
import type { SampleBatch } from "../../src/metrics/index.ts";
import {
  type Backend,
  type OutputSubject,
  outputSubjects,
  type Scope,
} from "../support/output-subjects.ts";
import { outputBench, type OutputBench, type Recording } from "../support/outputs.ts";

/** With a backend that works there is no hurry; with one that does not, of the ten seconds of earnest a few are enough. */
const graceMs = { working: 30_000, hopeless: 300, mixed: 2_000 };

const limits = { timeout: 60_000 };

/** How often outputs send, by the variables of all of them. */
const pushEvery = (interval: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [
      "K6_INFLUXDB_PUSH_INTERVAL",
      "K6_STATSD_PUSH_INTERVAL",
      "K6_PROMETHEUS_RW_PUSH_INTERVAL",
      "K6_OTEL_EXPORT_INTERVAL",
      "K6_OTEL_FLUSH_INTERVAL",
    ].map((variable) => [variable, interval]),
  );

/** Pushes are not waited for: what is there goes when a run ends. */
const quietEnv = pushEvery("1h");

function benchFor(
  { env = {} }: Backend,
  outlook: keyof typeof graceMs,
  given: Partial<OutputContext> = {},
): OutputBench {
  const stopGraceMs = graceMs[outlook];
  return outputBench({ stopGraceMs, ...given, env: { ...quietEnv, ...given.env, ...env } });
}

/** So many iterations, with the samples that go with them. */
function iterate(count: number): (recording: Recording) => void {
  return ({ add, setMetadata }) => {
    for (let n = 0; n < count; n++) {
      setMetadata({ vu: String(n % 50), iter: String(n) });
      add("http_reqs", 1, { method: "GET", name: "http://h/", url: `http://h/${n % 3}` });
      add("http_req_duration", 1.25 + n / 7, { method: "GET", name: "http://h/" });
      add("checks", n % 4 === 0 ? 0 : 1, { check: "is 200" });
      add("data_sent", 100);
      add("iterations", 1, { scenario: "default", group: "" });
    }
  };
}

/** UDP has no acknowledgement: what was sent on loopback is there a moment later. */
async function untilEqual(read: () => number, expected: number): Promise<void> {
  for (let look = 0; look < 4_000 && read() < expected; look++) await wait(5);
  assert.equal(read(), expected);
}

const complaints = (lines: readonly string[]): string[] =>
  lines.filter((line) => /^(?:warning|error) /u.test(line));

/** A test with one kind of backend; none where there is nothing of the kind, for the reason that stands there. */
function withBackend(
  title: string,
  backend: ((t: Scope) => Promise<Backend>) | string,
  test: (backend: Backend) => Promise<void>,
): void {
  if (typeof backend === "string") return;
  it(title, limits, async (t) => test(await backend(t)));
}

/** A batch of samples that takes 24 bytes each, to be handed out again and again. */
function hugeBatch(count: number, { isFirst }: { readonly isFirst: boolean }): SampleBatch {
  return {
    metrics: isFirst ? [{ name: "iterations", type: "counter", contains: "default" }] : [],
    tagSets: isFirst ? [{ scenario: "default" }] : [],
    series: isFirst ? [[0, 0]] : [],
    seriesIds: new Uint32Array(count),
    values: new Float64Array(count).fill(1),
    timesMs: new Float64Array(count).fill(1_785_578_400_000),
    metadata: [],
    metadataIds: undefined,
  };
}

for (const subject of outputSubjects) describe(`output ${subject.name}`, () => contract(subject));

function contract({
  name,
  working,
  dead,
  hanging,
  nonsense,
  isAggregated,
  isUnacknowledged,
}: OutputSubject): void {
  it("starts and ends a run without samples in silence", limits, async (t) => {
    const backend = await working(t);
    const bench = benchFor(backend, "working");
    const outputs = await openOutputs([backend.request], bench.context);
    await outputs.stop();
    assert.deepEqual(bench.lines, []);
    assert.equal(backend.iterations(), 0);
  });

  it("describes itself by its name and place, without a secret", limits, async (t) => {
    const { request, env } = await working(t);
    const withLogin = request.replace("http://", "http://me:pa55word@");
    const bench = benchFor({ request: withLogin, env: env ?? {} }, "working");
    const outputs = await openOutputs([withLogin], bench.context);
    await outputs.stop();
    assert.equal(outputs.descriptions.length, 1);
    assert.match(outputs.descriptions[0]!, /^[\w ]+ ?\(.+\)$/u);
    assert.doesNotMatch(outputs.descriptions[0]!, /pa55word|s3cret/u);
  });

  it("delivers every sample of several workers at the same times, once", limits, async (t) => {
    const backend = await working(t);
    const bench = benchFor(backend, "working");
    const outputs = await openOutputs([backend.request], bench.context);
    for (let round = 0; round < 3; round++)
      for (const worker of [0, 1, 2, -1]) bench.log(outputs, iterate(1_000), worker);
    await outputs.stop();
    await untilEqual(backend.iterations, 12_000);
    assert.deepEqual(complaints(bench.lines), []);
  });

  it("delivers during the run, not only at its end", limits, async (t) => {
    const backend = await working(t);
    const bench = benchFor(backend, "working", { env: pushEvery("20ms") });
    const outputs = await openOutputs([backend.request], bench.context);
    bench.log(outputs, iterate(500));
    // A file's last lines may sit in its buffer.
    for (let look = 0; look < 4_000 && !(backend.iterations() > 0); look++) await wait(5);
    assert.ok(backend.iterations() > 0);
    await outputs.stop();
    await untilEqual(backend.iterations, 500);
  });

  it("delivers samples whose tags are as bad as can be", limits, async (t) => {
    const backend = await working(t);
    const bench = benchFor(backend, "working");
    const outputs = await openOutputs([backend.request], bench.context);
    const rows = hostileTagSets();
    bench.log(outputs, ({ add }) => {
      for (const tags of rows) {
        add("iterations", 1, tags);
        add("checks", 1, { check: Object.values(tags)[0] ?? "", ...tags });
        add("my_trend", 2.5, tags);
        add("vus", 7, tags);
      }
    });
    await outputs.stop();
    await untilEqual(backend.iterations, rows.length);
    assert.deepEqual(complaints(bench.lines), []);
  });

  withBackend(
    "says once that its backend is dead, and how much is missing",
    dead,
    async (backend) => {
      const bench = benchFor(backend, "hopeless");
      const outputs = await openOutputs([backend.request], bench.context);
      await backend.onStarted?.();
      for (let n = 0; n < 3; n++) {
        bench.log(outputs, iterate(200));
        await wait(1);
      }
      await outputs.stop();
      const lines = complaints(bench.lines);
      assert.ok(lines.length === 1 || lines.length === 2, bench.lines.join("\n"));
      const told = lines.at(-1)!;
      if (isAggregated === true) assert.match(told, /^error output .+: \d+ .+ did not arrive: ./u);
      else
        assert.match(told, /^error .+(?:: 3000 samples did not arrive: .|samples from here on)/u);
    },
  );

  withBackend("ends a run although its backend hangs", hanging, async (backend) => {
    const bench = benchFor(backend, "hopeless");
    const outputs = await openOutputs([backend.request], bench.context);
    // More than a pipe holds.
    bench.log(outputs, iterate(2_000));
    await outputs.stop();
    assert.match(complaints(bench.lines).at(-1)!, /^error output ./u);
  });

  withBackend(
    "never holds up a run, and bounds what waits, while its backend hangs",
    isAggregated === true ? "sums wait, whose number does not grow with the load" : hanging,
    async (backend) => {
      const bench = benchFor(backend, "hopeless");
      const outputs = await openOutputs([backend.request], bench.context);
      const size = 1_000_000;
      for (let n = 0; n < 10; n++) {
        assert.equal(outputs.addSamples(hugeBatch(size, { isFirst: n === 0 }), 0), undefined);
        // Others have their turn.
        await wait(1);
      }
      assert.match(bench.lines.join("\n"), /samples (?:are waiting|wait) to be /u);
      await outputs.stop();
      const last = complaints(bench.lines).at(-1)!;
      assert.match(last, /^error output .+ \d+ samples (?:did not arrive|are missing)/u);
    },
  );

  withBackend("survives a backend that answers nonsense", nonsense, async (backend) => {
    const bench = benchFor(backend, "hopeless");
    const outputs = await openOutputs([backend.request], bench.context);
    bench.log(outputs, iterate(2_000));
    await outputs.stop();
    if (isUnacknowledged === true) return;
    const lines = complaints(bench.lines);
    const count = isAggregated === true ? "\\d+ .+" : "10000 samples";
    assert.match(lines.at(-1)!, new RegExp(`^error output .+: ${count} did not arrive: .`, "u"));
    for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}]/u);
  });

  it(`is fed beside others that hang or are dead (${name})`, limits, async (t) => {
    const backend = await working(t);
    const bad: Backend[] = [];
    for (const other of outputSubjects) {
      if (typeof other.hanging !== "string") bad.push(await other.hanging(t));
      if (typeof other.dead !== "string") bad.push(await other.dead(t));
    }
    // Variables are those of all outputs: only those that agree with this one's can run beside it.
    const alike = bad.filter(
      ({ env }) => JSON.stringify(env ?? {}) === JSON.stringify(backend.env ?? {}),
    );
    const bench = benchFor(backend, "mixed");
    const outputs = await openOutputs(
      [...alike.map(({ request }) => request), backend.request],
      bench.context,
    );
    for (const { onStarted } of alike) await onStarted?.();
    bench.log(outputs, iterate(1_000));
    await outputs.stop();
    await untilEqual(backend.iterations, 1_000);
  });
}

/** Keys and values that break what takes them for its own signs. */
function hostileTagSets(): Record<string, string>[] {
  const values = [
    "x".repeat(10_000),
    "line\nbreak\r\nand\ttab",
    "say \"hi\" and 'ho'",
    "\u202eRTL \u0645\u0631\u062d\u0628\u0627 \u200f",
    "ends with a backslash\\",
    "back\\ slash\\, before\\= signs\\\\",
    "a,b=c d",
    "p|q#r@s:t;u",
    "\0\u0001\u001f\u007f\u0085\u2028\u2029",
    "\ud83d\ude00 and half \ud83d",
    "half \ude00",
    "=",
    " ",
    "\\",
    "{}[]<>&%$`",
  ];
  return [
    ...values.map((value) => ({ method: value, name: value, url: value, own: value })),
    // Numbered, since not every backend can tell keys apart by their signs.
    ...values.map((value, n) => ({ [`k${n}${value.slice(0, 100)}`]: "key" })),
    { time: "now", value: "v", _field: "f", _measurement: "m", vu: "x", iter: "y", host: "z" },
    Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [`tag${n}`, `value ${n} `.repeat(20)]),
    ),
    Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`tag${n}`, "y".repeat(10_000)])),
    { empty: "" },
  ];
}
