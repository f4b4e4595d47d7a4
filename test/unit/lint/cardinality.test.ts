import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Finding } from "../../../src/lint/index.ts";
import { findingsOf, imports, linesOf, trialFacts } from "./lint-harness.ts";

const script = (body: string): string => `${imports}
const BASE = __ENV.BASE_URL || "http://x";
const words = ["a", "b", "c"];
const users = new SharedArray("users", () => JSON.parse(open("./users.json")));
export default function () {
  ${body}
}`;

const urls = (body: string): Promise<readonly Finding[]> =>
  findingsOf("url-cardinality", { code: script(body) });

describe("url-cardinality", () => {
  const many: readonly string[] = [
    "http.get(`${BASE}/items/${__ITER}`);",
    "http.get(BASE + '/items/' + Date.now());",
    "http.get(`${BASE}/items/${Math.floor(Math.random() * 100000)}`);",
    "http.get(`${BASE}/items/${exec.scenario.iterationInTest}`);",
    "http.get(`${BASE}/users/${users[__VU % users.length].id}`);",
    "const id = Math.floor(Math.random() * 1e6); http.get(`${BASE}/items/${id}`, { headers: {} });",
    "http.post(`${BASE}/items/${__VU}-${__ITER}`, null);",
    "http.request('GET', `${BASE}/items/${__ITER}`);",
  ];
  for (const body of many) {
    it(`is a problem without end: ${body}`, async () => {
      const [finding, ...others] = await urls(body);
      assert.equal(others.length, 0);
      assert.equal(finding?.severity, "problem");
    });
  }

  it("is a warning for a few values in the query", async () => {
    const [finding] = await urls(
      "const q = words[Math.floor(Math.random() * words.length)];\n  http.get(`${BASE}/search?q=${q}`);",
    );
    assert.equal(finding?.severity, "warning");
    assert.match(finding.message, /\/search\?q=\{\} varies in its query by one of 3 values/u);
    assert.match(finding.fix, /name: "\/search"/u);
  });

  it("sees through a wrapper, and tells of it once", async () => {
    const code = `${imports}
function api(method, path, token = null) {
  const url = \`\${__ENV.BASE_URL}\${path}\`;
  return method === "GET" ? http.get(url, { headers: {} }) : http.post(url, null, { headers: {} });
}
export default function () {
  api("GET", "/home");
  api("GET", \`/items/\${__ITER}\`);
}`;
    const findings = await findingsOf("url-cardinality", { code });
    assert.equal(findings.length, 1);
    assert.match(findings[0]!.message, /^the URL \/items\/\{\} varies in its path by __ITER/u);
    assert.equal(linesOf(findings[0]!)[0], 'api("GET", `/items/${__ITER}`);');
  });

  it("does not repeat the password of a URL", async () => {
    const findings = await urls("http.get(`https://bob:hunter2@x.example/items/${__ITER}`);");
    assert.equal(findings.length, 1);
    assert.ok(!JSON.stringify(findings).includes("hunter2"));
  });

  it("leaves named requests alone, and what may be named", async () => {
    const bodies = [
      "http.get(`${BASE}/items/${__ITER}`, { tags: { name: '/items/:id' } });",
      "http.get(http.url`${BASE}/items/${__ITER}`);",
      "const params = { tags: { name: 'items' } }; http.get(`${BASE}/items/${__ITER}`, params);",
      "const params = {}; params.tags = { name: 'items' }; http.get(`${BASE}/items/${__ITER}`, params);",
      "http.get(`${BASE}/items/${__ITER}`, paramsOf('items'));",
      "http.get(`${BASE}/items/${__ITER}`, { ...paramsOf('items') });",
    ];
    for (const body of bodies) {
      const code = `${script(body)}\nfunction paramsOf(name) { return { tags: { name } }; }`;
      assert.deepEqual(await findingsOf("url-cardinality", { code }), [], body);
    }
  });

  it("leaves fixed URLs, few endpoints and what is not known alone", async () => {
    const bodies = [
      "http.get(BASE);",
      "http.get(`${BASE}/home`);",
      "http.get(`${__ENV.HOST}:${__ENV.PORT}/home?v=${__ENV.VERSION}`);",
      "http.get(`${BASE}/${words[Math.floor(Math.random() * words.length)]}`);",
      "for (const word of words) http.get(`${BASE}/${word}`);",
      "const res = http.get(BASE); http.get(res.json('next'));",
      "http.post(`${BASE}/items`, JSON.stringify({ id: __ITER }));",
      "http.get(`${BASE}/home`, { headers: { 'X-Id': `${__ITER}` } });",
    ];
    for (const body of bodies) assert.deepEqual(await urls(body), [], body);
  });

  it("tells of names that the dry run saw and the text does not tell, without their values", async () => {
    const series = [1, 2, 3].map((id) => ({
      metric: "http_reqs",
      type: "counter" as const,
      tags: { name: `http://x/items/${id}?token=abcdef` },
      samples: 1,
    }));
    const code = script("http.get(http.get(BASE).json('next'));");
    const [finding] = await findingsOf("url-cardinality", { code, trial: trialFacts({ series }) });
    assert.equal(finding?.severity, "warning");
    assert.match(finding.message, /^\/items\/:id has 3 names/u);
    assert.ok(!JSON.stringify(finding).includes("abcdef"));
  });

  it("says nothing when neither url nor name is a tag", async () => {
    const code = script("http.get(`${BASE}/items/${__ITER}`);");
    const options = { systemTags: ["method", "status"] };
    assert.deepEqual(await findingsOf("url-cardinality", { code, options }), []);
  });
});

describe("tag-cardinality", () => {
  const rule = "tag-cardinality";
  const faults = [
    "http.get(BASE, { tags: { id: `${__ITER}` } });",
    "http.get(BASE, { tags: { name: `${BASE}/items/${Date.now()}` } });",
    "latency.add(1, { user: `user-${__VU}` });",
    "group(`iteration ${__ITER}`, () => {});",
    "check(1, { [`item ${__ITER}`]: () => true });",
  ];
  for (const body of faults) {
    it(`finds ${body}`, async () => {
      const code = `const latency = new Trend("latency");\n${script(body)}`;
      assert.equal((await findingsOf(rule, { code })).length, 1);
    });
  }

  it("leaves constants, few values and the environment alone", async () => {
    const bodies = [
      "http.get(BASE, { tags: { name: '/home', kind: words[Math.floor(Math.random() * 3)] } });",
      "latency.add(Date.now(), { region: __ENV.REGION });",
      "group('home', () => {});",
      "check(1, { ['home']: () => true });",
      "http.get(BASE, { headers: { id: `${__ITER}` } });",
    ];
    for (const body of bodies) {
      const code = `const latency = new Trend("latency");\n${script(body)}`;
      assert.deepEqual(await findingsOf(rule, { code }), [], body);
    }
  });
});
