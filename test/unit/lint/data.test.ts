import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findingsOf, imports, trialFacts } from "./lint-harness.ts";

const options = { vus: 50, duration: "5m" };
const script = (head: string, body: string): string => `${imports}${head}
export default function () {
  const res = http.get("http://x/");
  ${body}
  sleep(1);
}`;

describe("data-per-vu", () => {
  const rule = "data-per-vu";

  it("finds files that each VU parses", async () => {
    const heads = [
      `const users = JSON.parse(open("./users.json"));`,
      `const text = open("./users.json"); const users = JSON.parse(text);`,
      `const users = load(); function load() { return JSON.parse(open("./users.json")).users; }`,
    ];
    for (const head of heads)
      assert.equal((await findingsOf(rule, { code: script(head, ""), options })).length, 1, head);
  });

  it("is content with SharedArray, other texts, and few VUs", async () => {
    const heads = [
      `const users = new SharedArray("users", () => JSON.parse(open("./users.json")));`,
      `const users = new SharedArray("users", load); function load() { return JSON.parse(open("./users.json")); }`,
      `const config = JSON.parse(__ENV.CONFIG || "{}");`,
      `const picture = open("./a.png", "b");`,
    ];
    for (const head of heads)
      assert.deepEqual(await findingsOf(rule, { code: script(head, ""), options }), [], head);
    const copy = script(`const users = JSON.parse(open("./users.json"));`, "");
    assert.deepEqual(
      await findingsOf(rule, { code: copy, options: { vus: 3, duration: "5m" } }),
      [],
    );
  });
});

describe("discarded-body-read", () => {
  const rule = "discarded-body-read";
  const discarding = { ...options, discardResponseBodies: true };

  it("finds bodies that are read and discarded", async () => {
    for (const body of [
      `res.json("id");`,
      `check(res, { ok: (r) => r.body.includes("ok") });`,
      `const page = res.html();`,
    ])
      assert.equal(
        (await findingsOf(rule, { code: script("", body), options: discarding })).length,
        1,
        body,
      );
  });

  it("is content when they are kept, asked for, or nobody reads them", async () => {
    const read = script("", `res.json("id");`);
    const asked = read.replace('"http://x/"', '"http://x/", { responseType: "text" }');
    const other = script(
      "const message = { body: 1 };",
      `check(message.body, { ok: (m) => m === 1 });`,
    );
    assert.deepEqual(await findingsOf(rule, { code: read, options }), []);
    assert.deepEqual(await findingsOf(rule, { code: asked, options: discarding }), []);
    assert.deepEqual(await findingsOf(rule, { code: other, options: discarding }), []);
  });
});

describe("bodies-kept", () => {
  it("finds large bodies that no code reads", async () => {
    const large = trialFacts({ bytesReceived: 36 * 50_000 });
    const code = script("", "");
    assert.equal((await findingsOf("bodies-kept", { code, options, trial: large })).length, 1);
    assert.deepEqual(await findingsOf("bodies-kept", { code, options, trial: trialFacts() }), []);
    const reading = script("", "check(res, { ok: (r) => r.body });");
    assert.deepEqual(await findingsOf("bodies-kept", { code: reading, options, trial: large }), []);
    const discarding = { ...options, discardResponseBodies: true };
    assert.deepEqual(
      await findingsOf("bodies-kept", { code, options: discarding, trial: large }),
      [],
    );
  });
});

describe("same-sequence", () => {
  const head = `const rows = new SharedArray("rows", () => [1, 2, 3]);`;

  it("finds an index of a VU's own iterations", async () => {
    for (const index of ["__ITER % rows.length", "__ITER", "exec.vu.iterationInInstance % 3"]) {
      const code = script(head, `http.get("http://x/" + rows[${index}], { tags: { name: "x" } });`);
      assert.equal((await findingsOf("same-sequence", { code, options })).length, 1, index);
    }
  });

  it("is content with indexes that differ by VU, are drawn, or count over the test", async () => {
    for (const index of [
      "(__VU * 1000 + __ITER) % rows.length",
      "exec.scenario.iterationInTest % rows.length",
      "Math.floor(Math.random() * rows.length)",
      "(exec.vu.idInTest + exec.vu.iterationInInstance) % 3",
      "0",
    ]) {
      const code = script(head, `http.get("http://x/" + rows[${index}], { tags: { name: "x" } });`);
      assert.deepEqual(await findingsOf("same-sequence", { code, options }), [], index);
    }
    const alone = script(head, `rows[__ITER];`);
    assert.deepEqual(
      await findingsOf("same-sequence", { code: alone, options: { vus: 1, duration: "1m" } }),
      [],
    );
  });
});

describe("request-arguments", () => {
  it("finds params in the wrong place", async () => {
    for (const call of [
      `http.get("http://x/", null, { headers: {} })`,
      `http.post("http://x/", { headers: { a: "b" } })`,
      `http.put("http://x/", { headers: {}, tags: { name: "x" } })`,
    ])
      assert.equal(
        (await findingsOf("request-arguments", { code: script("", `${call};`) })).length,
        1,
        call,
      );
  });

  it("is content with bodies that look alike, and params in their place", async () => {
    for (const call of [
      `http.get("http://x/", { headers: {} })`,
      `http.post("http://x/", null, { headers: {} })`,
      `http.post("http://x/", { headers: "a", name: "b" })`,
      `http.post("http://x/", { timeout: "1s" })`,
      `http.post("http://x/", JSON.stringify({ headers: {} }))`,
      `http.post("http://x/", {})`,
    ])
      assert.deepEqual(
        await findingsOf("request-arguments", { code: script("", `${call};`) }),
        [],
        call,
      );
  });
});
