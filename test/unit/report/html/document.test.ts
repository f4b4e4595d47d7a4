/** The file: it needs nobody, stays small, and shows every text as text. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { RunRecord } from "../../../../src/record/index.ts";
import { renderRunHtml } from "../../../../src/report/index.ts";
import { keptExchange } from "../../../support/exchange.ts";
import { healthyRecord } from "../../../support/record.ts";
import { assertGolden } from "../golden.ts";
import {
  attributeOf,
  byId,
  type Element,
  elementsIn,
  endpointOf,
  longRecord,
  parsed,
  textOf,
} from "./samples.ts";

const bodyOf = (root: Element): Element => byId(root, "report");

/** A record whose every free text is `text`, and which has two of each thing that has a name. */
function named(text: string): RunRecord {
  const record = healthyRecord();
  return {
    ...record,
    id: text,
    script: { path: text, sha256: text },
    command: ["run", text],
    scenarios: [
      {
        name: text,
        executor: text,
        startTimeMs: 0,
        durationMs: 1,
        maxVus: 1,
        config: { exec: text },
      },
    ],
    manualScaling: undefined,
    options: { userAgent: text, [text]: text },
    plan: { dau: 1, steps: [{ quantity: text, formula: text, value: 1, unit: text }] },
    objectives: {
      ...record.objectives!,
      endpoints: [
        { name: text, method: text, latency: [{ share: 0.95, limitMs: 1 }], errorShare: 0.1 },
      ],
    },
    steadyState: { ...record.steadyState, rule: text },
    metrics: [{ name: text, type: "trend", contains: "time", values: { avg: 1 } }],
    thresholds: [{ metric: text, source: text, ok: false, actual: 1 }],
    checks: [{ group: text, name: text, passes: 1, fails: 1 }],
    endpoints: [endpointOf(1, { name: text, method: text })],
    observations: record.observations.map((each) => ({ ...each, source: text })),
    exceptions: [{ message: text, count: 3 }],
    exchanges: {
      slowest: [hostileExchange(text)],
      failures: [
        {
          method: text,
          name: text,
          status: 503,
          errorCode: 1_503,
          error: text,
          count: 2,
          samples: [hostileExchange(text)],
        },
      ],
      furtherFailures: 1,
    },
    environment: { ...record.environment, node: text, os: text, cpuModel: text, k6Version: text },
  };
}

function hostileExchange(text: string): ReturnType<typeof keptExchange> {
  const message = {
    headers: [[text, text] as const],
    furtherHeaders: 0,
    body: { kind: "text" as const, text, shownBytes: 1, bytes: 9 },
  };
  return keptExchange({
    scenario: text,
    group: text,
    name: text,
    method: text,
    url: text,
    proto: text,
    error: text,
    remote: text,
    tlsVersion: text,
    request: message,
    response: message,
  });
}

/** Elements and the names of their attributes, in order: what must not depend on any text. */
function skeleton(root: Element): string[] {
  return elementsIn(bodyOf(root)).map(
    ({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(" ")}`,
  );
}

const scripts = (root: Element): string[] =>
  elementsIn(root)
    .map(({ tagName }) => tagName)
    .filter((name) => name === "script");

describe("renderRunHtml", () => {
  it("makes one file with a policy that allows its own style and script and nothing else", async () => {
    const root = parsed(await renderRunHtml(healthyRecord()));
    const all = elementsIn(root);
    const policy = attributeOf(
      all.find((each) => attributeOf(each, "http-equiv") === "Content-Security-Policy")!,
      "content",
    )!;
    const hashOf = (element: Element): string =>
      `'sha256-${createHash("sha256").update(textOf(element)).digest("base64")}'`;
    const style = all.find(({ tagName }) => tagName === "style")!;
    const [script] = all.filter(({ tagName }) => tagName === "script");
    assert.equal(
      policy,
      `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script!)}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    for (const element of all)
      for (const { name, value } of element.attrs) {
        assert.ok(!name.startsWith("on"), name);
        assert.notEqual(name, "style");
        if (["src", "href", "action", "data", "srcset"].includes(name))
          assert.match(value, /^(?:#|data:,$)/u);
      }
    assert.doesNotMatch(textOf(style), /url\(|@import/u);
  });

  it("can be read without scripts: verdict, scorecard, endpoints, charts", async () => {
    const html = await renderRunHtml(healthyRecord({ endpoints: [endpointOf(3)] }));
    const root = parsed(html);
    assert.match(textOf(byId(root, "verdict")), /PASS.*holds 100,000 daily users/su);
    assert.match(textOf(byId(root, "scorecard")), /p95 latency< 300 ms/u);
    assert.match(textOf(byId(root, "endpoints")), /\/api\/v1\/items\/3/u);
    const charts = elementsIn(byId(root, "charts")).filter(({ tagName }) => tagName === "svg");
    assert.equal(charts.length, 6);
  });

  it("has headings in order, unique ids, links that lead somewhere, and tables with captions", async () => {
    const root = parsed(await renderRunHtml(longRecord([endpointOf(1)])));
    const all = elementsIn(bodyOf(root));
    const levels = all.flatMap(({ tagName }) =>
      /^h[1-6]$/u.test(tagName) ? [Number(tagName[1])] : [],
    );
    assert.equal(levels.filter((level) => level === 1).length, 1);
    levels.forEach((level, index) => assert.ok(index === 0 || level - levels[index - 1]! <= 1));
    const ids = all.flatMap((element) => attributeOf(element, "id") ?? []);
    assert.equal(new Set(ids).size, ids.length);
    for (const element of all) {
      const target = attributeOf(element, "href");
      if (target !== undefined) assert.ok(ids.includes(target.slice(1)), target);
      if (element.tagName === "table")
        assert.ok(elementsIn(element).some(({ tagName }) => tagName === "caption"));
    }
  });

  it("stays under 1.5 MB for half an hour with 50 endpoints of long names", async () => {
    const endpoints = Array.from({ length: 50 }, (_, index) =>
      endpointOf(index, { name: `https://api.example.com/${index}/${"segment/".repeat(200)}` }),
    );
    const html = await renderRunHtml(longRecord(endpoints));
    assert.ok(Buffer.byteLength(html) < 1.5e6, `${Buffer.byteLength(html)} bytes`);
  });

  it("stays under 3 MB with 5,000 endpoints, and says how many are left out", async () => {
    const endpoints = Array.from({ length: 5_000 }, (_, index) => endpointOf(index));
    const html = await renderRunHtml(longRecord(endpoints));
    assert.ok(Buffer.byteLength(html) < 3e6, `${Buffer.byteLength(html)} bytes`);
    assert.match(textOf(byId(parsed(html), "endpoints")), /4,000 more endpoints/u);
  });

  it("tells the same as ever", async () => {
    const record = healthyRecord({
      command: ["run", "--dau", "100000", "load.js"],
      endpoints: [endpointOf(1), endpointOf(2, { method: "POST" })],
      checks: [{ group: "::home", name: "is fast", passes: 90, fails: 10 }],
    });
    const root = parsed(await renderRunHtml(record));
    const shown = elementsIn(bodyOf(root))
      .filter(({ tagName }) =>
        ["h1", "h2", "h3", "p", "li", "tr", "dt", "dd", "pre", "summary"].includes(tagName),
      )
      .map((element) =>
        `${element.tagName}: ${
          element.tagName === "tr" ? element.childNodes.map(textOf).join(" | ") : textOf(element)
        }`.replace(/\s+/gu, " "),
      );
    assertGolden("run-html.txt", `${shown.join("\n")}\n`);
  });

  it("shows any text as text, in the same elements whatever it is", async () => {
    const plain = skeleton(parsed(await renderRunHtml(named("plain"))));
    const hostile = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
      fc.constantFrom(
        "<script>window.pwned=1</script>",
        "</script><img src=x onerror=alert(1)>",
        "<!--<script>",
        "-->]]>",
        "\"' onmouseover='x' <b>&lt;&amp;",
        "javascript:alert(1)",
        "\u202eevil\u2066",
        "\u0000\u0007\u001b[31m",
        "\u2028\u2029",
        "${x}{{y}}<%z%>",
        "__proto__",
        "constructor",
      ),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const html = await renderRunHtml(named(text));
        const root = parsed(html);
        assert.deepEqual(skeleton(root), plain);
        assert.deepEqual(scripts(root), ["script", "script"]);
        // The data for the script say what the HTML says.
        const data = JSON.parse(textOf(byId(root, "report-data"))) as {
          run: { exceptions: [{ message: string }] };
        };
        const [{ message }] = data.run.exceptions;
        assert.ok(textOf(byId(root, "exceptions")).includes(message));
      }),
      { numRuns: 60 },
    );
  });

  it("folds what is 10 kB long, and keeps its beginning", async () => {
    const long = `begin<b>${"x".repeat(10_000)}`;
    const text = textOf(byId(parsed(await renderRunHtml(named(long))), "exceptions"));
    assert.match(text, /begin<b>xxx/u);
    assert.match(text, /10,008 characters in all/u);
  });
});
