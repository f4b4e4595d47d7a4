/** The whole folder at once: the guide's script, as JavaScript and as TypeScript, from file to one iteration. */
import { join } from "node:path";
import { strict as assert } from "node:assert";
import { test } from "node:test";
import { repoRoot } from "../../support/cli.ts";
import { fixture, load, loadVu } from "./script-harness.ts";

const host = "https://api.yourdomain.com";
const expected = [
  "group auth",
  `POST ${host}/api/v1/auth/guest/init`,
  "metric api_latency",
  "metric request_count 1",
  "check guest auth ok true",
  "sleep 0.1",
  "group home_feed",
  `GET ${host}/api/v1/content/mobile/home`,
  "metric api_latency",
  "metric request_count 1",
  "check home feed ok true",
  "check home feed fast true",
  "sleep 0.1",
  "group search",
  `GET ${host}/api/v1/search?q=…`,
  "metric api_latency",
  "metric request_count 1",
  "check search ok true",
  "sleep 0.1",
  "group engagement",
  `GET ${host}/api/v1/engagement/series/saved`,
  "metric api_latency",
  "metric request_count 1",
  "check saved ok true",
  "sleep think time",
];

/** The guide's own script, and the same in TypeScript. */
const scripts = {
  js: join(repoRoot, "load-tests", "omgtv", "guide-original.js"),
  ts: fixture("guide/production-load-test.ts"),
};

for (const extension of ["js", "ts"] as const) {
  const path = scripts[extension];

  test(`the guide's script (${extension}) makes its calls in order, each waited for`, async () => {
    const vu = await loadVu(fixture("guide"), { path, offline: true });
    assert.equal(await vu.run(), undefined);
    assert.deepEqual(
      // A latency of exactly 1 ms, and the query, are chance.
      vu.calls.map((call) =>
        call.replace("api_latency 1", "api_latency").replace(/q=\w+$/u, "q=…"),
      ),
      expected,
    );
  });

  test(`the guide's script (${extension}): options and summary`, async () => {
    const vu = await loadVu(fixture("guide"), { path, offline: true });
    const options = vu.instance.exports["options"] as { stages: unknown[]; thresholds: object };
    assert.equal(options.stages.length, 7);
    assert.deepEqual(Object.keys(options.thresholds), [
      "http_req_duration",
      "http_req_failed",
      "error_rate",
    ]);
    const data = {
      root_group: { name: "", groups: [], checks: [{ name: "ok", passes: 1, fails: 0 }] },
      metrics: {
        http_reqs: { type: "counter", contains: "default", values: { count: 4, rate: 2 } },
      },
    };
    const summary = (await vu.run("handleSummary", data)) as Record<string, string>;
    assert.deepEqual(Object.keys(summary), ["summary.json", "stdout"]);
    assert.deepEqual(JSON.parse(summary["summary.json"]!), data);
    assert.match(summary["stdout"]!, /✓ ok/u);
    assert.match(summary["stdout"]!, /http_reqs/u);
  });
}

test("the guide's script lowers what blocks and nothing else", async () => {
  const bundle = await load(fixture("guide"), {
    path: scripts.js,
    offline: true,
  });
  assert.deepEqual(bundle.modules, ["k6", "k6/http", "k6/metrics"]);
  // api, the default function, four group bodies.
  assert.equal(bundle.stats.blockingFunctions, 6);
});
