/** What the doctor says of a target and of a Prometheus, by facts of both kinds. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TlsFacts } from "../../../src/doctor/facts/connection.ts";
import type { PrometheusFacts } from "../../../src/doctor/facts/prometheus.ts";
import type { AnswerFacts } from "../../../src/doctor/facts/requests.ts";
import type { DnsFacts, TargetFacts } from "../../../src/doctor/facts/target.ts";
import { type Finding, plannedLoad, urlsIn } from "../../../src/doctor/index.ts";
import { frontsOf, isCached } from "../../../src/doctor/judge/front.ts";
import { judgePrometheus } from "../../../src/doctor/judge/prometheus.ts";
import { judgeTarget } from "../../../src/doctor/judge/target.ts";

const dns: DnsFacts = {
  addresses: ["10.0.0.1"],
  lookupMs: 2,
  ttlSeconds: undefined,
  problem: undefined,
};
const tls: TlsFacts = {
  version: "TLSv1.3",
  alpn: "h2",
  handshakeMs: 5,
  distrust: undefined,
  daysLeft: 60,
};
const connection = {
  address: "10.0.0.1",
  port: 443,
  connectMs: 1,
  tls,
  problem: undefined,
};
const answers: AnswerFacts = {
  statuses: Array<number>(10).fill(200),
  firstByteMs: [3, 4, 5],
  reused: 9,
  headers: {},
  dateOffsetMs: -500,
  problem: undefined,
};
const target: TargetFacts = {
  url: "https://api.test/",
  hostname: "api.test",
  dns,
  connection,
  answers,
  place: "elsewhere",
};

function lineOf(findings: readonly Finding[], id: string): Finding {
  const finding = findings.find((each) => each.id === id);
  assert.ok(finding !== undefined, `no line ${id}`);
  if (finding.status === "warning" || finding.status === "fix")
    assert.notEqual(finding.advice, null, `${id} gives no advice`);
  return finding;
}

const statusWith = (facts: Partial<TargetFacts>, id: string): string =>
  lineOf(judgeTarget({ ...target, ...facts }), id).status;

describe("a target", () => {
  it("that is fit has no line but ok", () => {
    const statuses = judgeTarget(target).map(({ status }) => status);
    assert.deepEqual(new Set(statuses), new Set(["ok"]));
  });
  it("whose name leads nowhere has one line", () => {
    const nowhere = { ...dns, addresses: [], problem: "ENOTFOUND" };
    const facts = { ...target, dns: nowhere, connection: undefined, answers: undefined };
    assert.deepEqual(
      judgeTarget(facts).map(({ id, status }) => [id, status]),
      [["target-dns", "fix"]],
    );
  });
  it("with a short TTL is told how to follow it", () => {
    const short = lineOf(judgeTarget({ ...target, dns: { ...dns, ttlSeconds: 30 } }), "target-dns");
    assert.equal(short.status, "note");
    assert.match(short.advice!, /--dns ttl=30s/u);
    assert.equal(statusWith({ dns: { ...dns, ttlSeconds: 300 } }, "target-dns"), "ok");
  });
  it("on this machine takes its processor", () => {
    assert.equal(statusWith({ place: "loopback" }, "target-place"), "warning");
    assert.equal(statusWith({ place: "this machine" }, "target-place"), "warning");
  });
  it("that refuses connections is to be fixed; one far away is a warning", () => {
    const refused = {
      ...connection,
      problem: "ECONNREFUSED",
      connectMs: undefined,
      tls: undefined,
    };
    const facts = { connection: refused, answers: undefined };
    assert.equal(statusWith(facts, "target-connection"), "fix");
    assert.equal(
      statusWith({ connection: { ...connection, connectMs: 20 } }, "target-connection"),
      "ok",
    );
    assert.equal(
      statusWith({ connection: { ...connection, connectMs: 21 } }, "target-connection"),
      "warning",
    );
  });
  for (const [what, facts, status] of [
    ["an expired certificate", { daysLeft: -1, distrust: "CERT_HAS_EXPIRED" }, "fix"],
    ["an unknown authority", { distrust: "SELF_SIGNED_CERT_IN_CHAIN" }, "fix"],
    ["a certificate about to end", { daysLeft: 13 }, "warning"],
    ["an old version of TLS", { version: "TLSv1.1" }, "warning"],
    ["no end to its certificate", { daysLeft: undefined }, "ok"],
  ] as const)
    it(`with ${what}: ${status}`, () => {
      const other = { ...connection, tls: { ...tls, ...facts } };
      assert.equal(statusWith({ connection: other }, "target-tls"), status);
    });
  for (const [what, facts, id, status] of [
    ["fails", { statuses: [200, 503] }, "target-answers", "fix"],
    ["limits rates", { statuses: [200, 429] }, "target-answers", "warning"],
    ["has no such page", { statuses: [404] }, "target-answers", "warning"],
    ["redirects", { statuses: [302] }, "target-answers", "ok"],
    ["does not answer", { statuses: [], problem: "ECONNRESET" }, "target-answers", "fix"],
    ["closes connections", { reused: 8 }, "target-keep-alive", "warning"],
    ["is behind a CDN", { headers: { "cf-ray": "1" } }, "target-front", "warning"],
    ["is behind a cache", { headers: { age: "3" } }, "target-front", "warning"],
    ["has another time", { dateOffsetMs: 2_001 }, "target-clock", "warning"],
    ["has no time", { dateOffsetMs: undefined }, "target-clock", "note"],
  ] as const)
    it(`that ${what}: ${status}`, () => {
      assert.equal(statusWith({ answers: { ...answers, ...facts } }, id), status);
    });
});

describe("what stands in front", () => {
  it("is told by its headers, each once, with the evidence", () => {
    assert.deepEqual(frontsOf({ server: "cloudflare", "cf-ray": "8a-FRA" }), [
      { name: "Cloudflare", evidence: "cf-ray, server" },
    ]);
    const name = (headers: Record<string, string>): string[] =>
      frontsOf(headers).map((front) => front.name);
    assert.deepEqual(name({ via: "1.1 abc.cloudfront.net (CloudFront)" }), ["Amazon CloudFront"]);
    assert.deepEqual(name({ "x-served-by": "cache-fra-1" }), ["Fastly"]);
    assert.deepEqual(name({ server: "AkamaiGHost" }), ["Akamai"]);
    assert.deepEqual(name({ via: "1.1 google" }), ["Google's load balancer"]);
    assert.deepEqual(name({ "x-iinfo": "1-2-3" }), ["Imperva"]);
    assert.deepEqual(name({ server: "nginx", via: "1.1 proxy" }), []);
  });
  it("is a cache when it says so", () => {
    assert.ok(isCached({ "x-cache": "Hit from cloudfront" }) && isCached({ age: "12" }));
    assert.ok(!isCached({ "x-cache": "MISS" }) && !isCached({ age: "0" }) && !isCached({}));
  });
});

describe("a Prometheus", () => {
  const good: PrometheusFacts = {
    url: "http://p:9090",
    version: "3.8.0",
    problem: undefined,
    writeStatus: 400,
  };
  const statuses = (facts: Partial<PrometheusFacts>): string[] =>
    judgePrometheus({ ...good, ...facts }).map(({ status }) => status);
  it("that refuses or takes the empty request has its receiver on", () => {
    for (const writeStatus of [200, 204, 400])
      assert.deepEqual(statuses({ writeStatus }), ["ok", "ok"]);
  });
  it("that knows no such path is told which flag to start with", () => {
    const [, write] = judgePrometheus({ ...good, writeStatus: 404 });
    assert.equal(write!.status, "fix");
    assert.match(write!.advice!, /--web\.enable-remote-write-receiver/u);
  });
  it("that wants credentials, is out of order or out of reach", () => {
    assert.deepEqual(statuses({ writeStatus: 401 }), ["ok", "fix"]);
    assert.deepEqual(statuses({ writeStatus: 503 }), ["ok", "warning"]);
    assert.deepEqual(statuses({ version: undefined }), ["warning", "ok"]);
    assert.deepEqual(statuses({ writeStatus: undefined, problem: "ECONNREFUSED" }), ["fix"]);
  });
});

describe("the load to judge by", () => {
  const none = {
    vus: undefined,
    requestsPerSecond: undefined,
    users: undefined,
    scriptVus: undefined,
  };
  it("is what was stated, then the script's, then 100,000 daily users", () => {
    assert.deepEqual(plannedLoad({ ...none, vus: 50, requestsPerSecond: 300, scriptVus: 7 }), {
      vus: 50,
      requestsPerSecond: 300,
      source: "--vus 50, --rps 300",
    });
    const ofScript = plannedLoad({ ...none, scriptVus: 7 });
    assert.deepEqual([ofScript.vus, ofScript.requestsPerSecond], [7, 7]);
    const ofUsers = plannedLoad({ ...none, users: { dau: 200_000 }, scriptVus: 7 });
    assert.deepEqual([ofUsers.vus, Math.round(ofUsers.requestsPerSecond)], [10_000, 889]);
    const ofNobody = plannedLoad(none);
    assert.deepEqual([ofNobody.vus, Math.round(ofNobody.requestsPerSecond)], [5_000, 444]);
  });
  it("finds the addresses of a script, and not where it imports from", () => {
    const text = `import x from "https://jslib.k6.io/x.js";
const a = __ENV.A || 'http://127.0.0.1:4000/v1'; http.get(\`\${a}/x\`); http.get("http://127.0.0.1:4000/y");
const b = "https://api.example.com";`;
    assert.deepEqual(urlsIn([text]), ["http://127.0.0.1:4000/v1", "https://api.example.com"]);
    assert.deepEqual(urlsIn(["BASE_URL=https://staging.test/", "N=5"]), ["https://staging.test/"]);
  });
});
