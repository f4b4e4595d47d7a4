import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HostFact } from "../../../src/lint/index.ts";
import { findingsOf, imports, lint, trialFacts } from "./lint-harness.ts";

const code = `${imports}
export default function () {
  http.get("http://x/");
  sleep(1);
}`;
const host = (changes: Partial<HostFact>): HostFact => ({
  host: "api.example.com",
  requests: 10,
  isLoopback: false,
  headers: {},
  cacheHits: 0,
  closing: 0,
  ...changes,
});
const long = { vus: 10, duration: "30m" };

describe("cdn-in-front", () => {
  const check = (changes: Partial<HostFact>) =>
    findingsOf("cdn-in-front", { code, trial: trialFacts({ hosts: [host(changes)] }) });

  it("knows products by their headers", async () => {
    const cases: [Record<string, string>, string][] = [
      [{ "cf-ray": "8f-FRA" }, "Cloudflare"],
      [{ server: "cloudflare" }, "Cloudflare"],
      [{ "x-amz-cf-id": "a" }, "Amazon CloudFront"],
      [{ "x-served-by": "cache-fra-1" }, "Fastly"],
    ];
    for (const [headers, product] of cases) {
      const [finding] = await check({ headers });
      assert.equal(finding?.severity, "warning");
      assert.equal(finding.message, `${product} stands in front of api.example.com`);
    }
  });

  it("is a problem when the cache gives most of the answers", async () => {
    const headers = { "x-cache": "HIT" };
    const [most] = await check({ headers, cacheHits: 6 });
    assert.equal(most?.severity, "problem");
    assert.match(most.message, /a shared cache answered 6 of 10 requests/u);
    const [some] = await check({ headers, cacheHits: 5 });
    assert.equal(some?.severity, "warning");
  });

  it("is content with a gateway, a plain server, and a cache that missed", async () => {
    for (const headers of [{ via: "1.1 gateway" }, { server: "nginx" }, { "x-cache": "MISS" }, {}])
      assert.deepEqual(await check({ headers }), []);
  });
});

describe("pinned-connections", () => {
  const rule = "pinned-connections";

  it("tells of long runs that keep their connections", async () => {
    assert.equal((await findingsOf(rule, { code, options: long })).length, 1);
    const trial = trialFacts({ hosts: [host({})] });
    assert.equal((await findingsOf(rule, { code, options: long, trial })).length, 1);
  });

  it("is content with short runs, new connections, a local target, and one that ends connections", async () => {
    const cases = [
      { options: { vus: 10, duration: "5m" } },
      { options: { vus: 10, iterations: 10 } },
      { options: { ...long, noVUConnectionReuse: true } },
      { options: { ...long, noConnectionReuse: true } },
      { options: long, trial: trialFacts({ hosts: [host({ isLoopback: true })] }) },
      { options: long, trial: trialFacts({ hosts: [host({ closing: 10 })] }) },
    ];
    for (const each of cases) assert.deepEqual(await findingsOf(rule, { code, ...each }), []);
  });
});

describe("connection-per-request", () => {
  const rule = "connection-per-request";
  const machine = { openFiles: undefined, ephemeralPorts: 28_232 };

  it("counts the ports that noConnectionReuse takes", async () => {
    // 1,000 iterations/s * 4 requests * 60 s = 240,000 ports; 10 * 4 * 60 = 2,400.
    const at = (rate: number): object => ({
      noConnectionReuse: true,
      scenarios: {
        a: { executor: "constant-arrival-rate", rate, duration: "5m", preAllocatedVUs: 5_000 },
      },
    });
    const given = { code, machine, trial: trialFacts() };
    const [finding] = await findingsOf(rule, { ...given, options: at(1_000) });
    assert.equal(finding?.severity, "problem");
    assert.match(finding.message, /takes 240,000 ports to one address, and there are 28,232/u);
    const [slow] = await findingsOf(rule, { ...given, options: at(10) });
    assert.equal(slow?.severity, "warning");
  });

  it("finds a target that ends connections, and is content with one that keeps them", async () => {
    const closing = trialFacts({
      connectionsOpened: 36,
      hosts: [host({ requests: 36, closing: 36 })],
    });
    assert.equal((await findingsOf(rule, { code, trial: closing })).length, 1);
    const kept = trialFacts({ connectionsOpened: 3, hosts: [host({ requests: 36 })] });
    assert.deepEqual(await findingsOf(rule, { code, trial: kept }), []);
    // One request a VU always connects.
    const single = trialFacts({
      requests: 3,
      connectionsOpened: 3,
      hosts: [host({ requests: 3, closing: 3 })],
    });
    assert.deepEqual(await findingsOf(rule, { code, trial: single }), []);
  });
});

describe("dns-forever", () => {
  it("finds ttl inf in a long run only", async () => {
    const at = (ttl: string, duration: string): object => ({ vus: 1, duration, dns: { ttl } });
    assert.equal((await findingsOf("dns-forever", { code, options: at("inf", "30m") })).length, 1);
    for (const options of [at("inf", "1m"), at("5m", "30m"), at("0", "30m")])
      assert.deepEqual(await findingsOf("dns-forever", { code, options }), []);
  });
});

describe("loopback-target", () => {
  it("tells of a target on this machine", async () => {
    const on = (isLoopback: boolean) =>
      findingsOf("loopback-target", { code, trial: trialFacts({ hosts: [host({ isLoopback })] }) });
    assert.equal((await on(true)).length, 1);
    assert.deepEqual(await on(false), []);
  });
});

describe("generator-limits", () => {
  const rule = "generator-limits";
  const options = { vus: 2_000, duration: "5m" };

  it("compares VUs with files and ports", async () => {
    const files = await findingsOf(rule, {
      code,
      options,
      machine: { openFiles: 1_024, ephemeralPorts: 28_232 },
    });
    assert.match(files[0]!.message, /2,000 VUs need 2,100 open files, and 1,024 are allowed/u);
    const ports = await findingsOf(rule, {
      code,
      options,
      machine: { openFiles: 65_536, ephemeralPorts: 1_000 },
    });
    assert.match(ports[0]!.message, /need a port each to the same address, and there are 1,000/u);
    const hosts = [host({}), host({ host: "b" })];
    const two = await findingsOf(rule, {
      code,
      options,
      machine: { openFiles: 4_000, ephemeralPorts: 28_232 },
      trial: trialFacts({ hosts }),
    });
    assert.match(two[0]!.message, /4,100 open files/u);
  });

  it("is content where there is room, and where limits are not known", async () => {
    for (const machine of [
      { openFiles: 65_536, ephemeralPorts: 28_232 },
      { openFiles: undefined, ephemeralPorts: undefined },
    ])
      assert.deepEqual(await findingsOf(rule, { code, options, machine }), []);
  });
});

describe("lintScript", () => {
  it("puts problems first, then warnings", async () => {
    const { findings } = await lint({
      code: `${imports}let token;
export function setup() { token = 1; }
export default function () { http.get("http://x/" + token); }`,
      options: { vus: 10, duration: "30m", dns: { ttl: "inf" } },
    });
    const order = ["problem", "warning", "info"];
    const severities = findings.map(({ severity }) => order.indexOf(severity));
    assert.ok(severities.length >= 3);
    assert.deepEqual(
      severities,
      severities.toSorted((a, b) => a - b),
    );
  });

  it("sets findings aside for a line and for the script, with the reason, and tells of rules that do not exist", async () => {
    const outcome = await lint({
      code: `// lakh-ignore-file pinned-connections: the target does not scale
${imports}
export default function () {
  // lakh-ignore request-arguments, no-such-rule: an old habit
  // (another comment between)
  http.get("http://x/", null, {});
  http.get("http://x/", null, {}); // lakh-ignore request-arguments
  http.get("http://x/", null, {});
}`,
      options: { vus: 10, duration: "30m" },
    });
    assert.deepEqual(
      outcome.ignored.map(({ finding, reason }) => [finding.rule, reason]),
      [
        ["request-arguments", "an old habit"],
        ["request-arguments", ""],
        ["pinned-connections", "the target does not scale"],
      ],
    );
    assert.equal(outcome.findings.filter(({ rule }) => rule === "request-arguments").length, 1);
    assert.deepEqual(
      outcome.strayIgnores.map(({ rule, line }) => [rule, line]),
      [["no-such-rule", 9]],
    );
  });

  it("points at the user's files only, not into helper libraries", async () => {
    const { findings } = await lint({
      code: `import { randomString } from "https://jslib.k6.io/k6-utils/1.4.0/index.js";
${imports}
export default function () { http.get(\`http://x/\${randomString(8)}\`); }`,
    });
    const places = findings.flatMap(({ evidence }) =>
      evidence.flatMap((each) => (each.kind === "source" ? [each.file.split("/").at(-1)] : [])),
    );
    assert.ok(findings.some(({ rule }) => rule === "url-cardinality"));
    assert.deepEqual([...new Set(places)], ["script.js"]);
  });
});
