/** What CI systems are told: JUnit XML and Markdown of a run, a campaign and a search. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { readFileSync } from "node:fs";
import {
  campaignOutcome,
  type Outcome,
  renderJUnit,
  renderMarkdown,
  runOutcome,
} from "../../../src/report/index.ts";
import { healthyRecord } from "../../support/record.ts";

const outcome: Outcome = {
  kind: "run",
  id: "20261127-120000-run",
  startedAt: "2026-11-27T12:00:00.123Z",
  durationMs: 61_234,
  verdict: { verdict: "FAIL", sentence: "FAIL: too slow", reasons: ["p95 was too high"] },
  failure: undefined,
  cases: [
    {
      group: "objectives",
      name: "p95 latency",
      required: "< 300 ms",
      measured: "412 ms",
      status: "FAIL",
      explanation: "6.1 % of the requests took longer",
    },
    {
      group: "objectives",
      name: "error rate",
      required: "< 0.1 %",
      measured: "0 %",
      status: "PASS",
      explanation: "",
    },
    {
      group: "objectives",
      name: "CPU",
      required: "< 70 %",
      measured: "no data",
      status: "INCONCLUSIVE",
      explanation: "nothing was observed",
    },
    {
      group: "objectives",
      name: "memory",
      required: "stable",
      measured: "-",
      status: "NOT_JUDGED",
      explanation: "the run is too short",
    },
  ],
  facts: [["script", "load.js"]],
};

describe("renderJUnit", () => {
  const schema = XmlDocument.fromBuffer(
    readFileSync(new URL("../../../../test/support/junit.xsd", import.meta.url)),
  );
  const validator = XsdValidator.fromDoc(schema);
  const parsed = (text: string): XmlDocument => {
    const document = XmlDocument.fromString(text);
    validator.validate(document);
    return document;
  };

  it("fails what does not hold, and is no green line for what could not be told", () => {
    const document = parsed(renderJUnit(outcome));
    const one = (path: string): string => document.get(path)?.content ?? "nothing";
    assert.equal(
      one("//testcase[@name='p95 latency']/failure/@message"),
      "412 ms, required < 300 ms",
    );
    assert.match(one("//testcase[@name='p95 latency']/failure"), /took longer\nlakh report 2026/u);
    assert.equal(one("//testcase[@name='CPU']/error/@message"), "no data, required < 70 %");
    assert.equal(one("//testcase[@name='memory']/skipped/@message"), "the run is too short");
    assert.equal(document.find("//testcase[@name='error rate']/*").length, 0);
    assert.equal(
      one("//testcase[@name='verdict']/failure"),
      "FAIL: too slow\nlakh report 20261127-120000-run",
    );
    const counts = ["tests", "failures", "errors", "skipped", "time", "timestamp"].map((name) =>
      one(`//testsuite/@${name}`),
    );
    assert.deepEqual(counts, ["5", "2", "1", "1", "61.234", "2026-11-27T12:00:00"]);
  });

  it("is an error where the verdict is INVALID", () => {
    const verdict = { verdict: "INVALID", sentence: "INVALID: saturated", reasons: [] } as const;
    const document = parsed(renderJUnit({ ...outcome, verdict, cases: [] }));
    assert.equal(document.get("//testsuite/@errors")?.content, "1");
    assert.equal(document.get("//testsuite/@failures")?.content, "0");
  });

  it("of a run without objectives: its thresholds, its checks and its end", () => {
    const record = healthyRecord({
      objectives: null,
      thresholds: [{ metric: "http_reqs", source: "count>10", ok: false, actual: 3 }],
      checks: [
        { group: "::auth", name: "is 200", passes: 2, fails: 1 },
        { group: "", name: "fast", passes: 3, fails: 0 },
      ],
      outcome: { exitCode: 99, reason: "thresholds", message: "thresholds were crossed" },
    });
    const document = parsed(renderJUnit(runOutcome(record, undefined)));
    const failing = document.find("//testcase[failure]/@name").map(({ content }) => content);
    assert.deepEqual(failing, [
      "http_reqs: count>10",
      "auth: is 200",
      "the run ends without an error",
    ]);
    assert.equal(document.get("//failure/@message")?.content, "3, required count>10");
  });

  it("of a campaign: its phases with their rows", () => {
    const view = {
      id: "c",
      compression: 60,
      verdict: { verdict: "INCONCLUSIVE", sentence: "INCONCLUSIVE: a try-out", reasons: [] },
      phases: [
        {
          name: "smoke",
          users: 50,
          durationMs: 1_000,
          run: null,
          status: "not run",
          verdict: undefined,
        },
      ],
    } as const;
    const document = parsed(
      renderJUnit(campaignOutcome(view, { startedAt: outcome.startedAt, durationMs: 1_000 })),
    );
    assert.equal(document.find("//testcase[@name='smoke']/skipped").length, 1);
    assert.equal(document.get("//property[@name='times divided by']/@value")?.content, "60");
  });

  it("holds any text: what XML cannot hold is replaced, everything else comes back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const cases = [{ ...outcome.cases[0]!, name: `x${text}`, explanation: text }];
        const document = parsed(renderJUnit({ ...outcome, cases, facts: [["a", text]] }));
        const held = text
          .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
          .replace(/\r\n?/gu, "\n");
        const body = document.get("//failure")!.content;
        assert.equal(body.slice(0, body.lastIndexOf("\n")), held);
      }),
    );
  });
});

describe("renderMarkdown", () => {
  it("has the verdict first, what had to hold with its mark, and the way to the rest", () => {
    const text = renderMarkdown(outcome);
    assert.match(text, /^## ❌ lakh run: FAIL: too slow$/mu);
    assert.match(text, /^\| ❌ \| p95 latency \| &lt; 300 ms \| 412 ms \|$/mu);
    assert.match(text, /^\| ❔ \| CPU /mu);
    assert.match(text, /^- p95 was too high$/mu);
    assert.match(text, /`lakh report 20261127-120000-run`/u);
  });

  it("shows what does not hold even where a table is cut", () => {
    const fine = outcome.cases[1]!;
    const cases = [...Array.from({ length: 40 }, () => fine), outcome.cases[0]!];
    const lines = renderMarkdown({ ...outcome, cases }).split("\n");
    assert.match(lines.find((line) => line.startsWith("| ❌"))!, /p95 latency/u);
    assert.ok(lines.includes("and 11 more"));
  });

  it("lists endpoints by how often they were called", () => {
    const endpoint = {
      name: "/a",
      method: "GET",
      requests: 10,
      failed: 1,
      avgMs: 1,
      p50Ms: 2,
      p90Ms: 3,
      p95Ms: 4,
      p99Ms: 5,
      maxMs: 6,
    };
    const text = renderMarkdown(outcome, [endpoint, { ...endpoint, name: "/b", requests: 20 }]);
    assert.ok(text.indexOf("GET /b") < text.indexOf("GET /a"));
    assert.match(text, /\| GET \/a \| 10 \| 2\.00 ms \| 4\.00 ms \| 5\.00 ms \| 10\.00 % \|/u);
  });

  it("lets no name format, link, break a table, or be HTML", () => {
    const name = "<img src=x onerror=alert(1)> | [a](http://b) **c** `d`\n# e @all \\";
    const text = renderMarkdown({ ...outcome, cases: [{ ...outcome.cases[0]!, name }] });
    const row = text.split("\n").find((line) => line.startsWith("| ❌"))!;
    assert.doesNotMatch(text, /<img/u);
    assert.equal(row.replace(/\\./gu, "").split("|").length, 6);
    assert.doesNotMatch(row, /(?<!\\)[[\]*`#]|@/u);
  });
});
