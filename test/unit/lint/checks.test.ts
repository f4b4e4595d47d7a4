import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findingsOf, imports, lint, linesOf, trialFacts } from "./lint-harness.ts";

const script = (body: string): string => `${imports}
const errors = new Rate("errors");
export default function () {
  const res = http.get("http://x/");
  ${body}
}`;
const loose = script("check(res, { ok: (r) => r.status === 200 });");

describe("checks-without-threshold", () => {
  const rule = "checks-without-threshold";

  it("is a problem when no threshold can tell a failure", async () => {
    for (const thresholds of [{}, { http_req_duration: ["p(95)<300"] }]) {
      const [finding] = await findingsOf(rule, { code: loose, options: { thresholds } });
      assert.equal(finding?.severity, "problem");
      assert.deepEqual(linesOf(finding), ["check(res, { ok: (r) => r.status === 200 });"]);
    }
  });

  it("is a warning when failed requests have a threshold", async () => {
    const options = { thresholds: { http_req_failed: ["rate<0.01"] } };
    const [finding] = await findingsOf(rule, { code: loose, options });
    assert.equal(finding?.severity, "warning");
  });

  it("is content with a threshold on checks, whatever its tags", async () => {
    for (const name of ["checks", "checks{check:ok}"]) {
      const options = { thresholds: { [name]: ["rate>0.99"] } };
      assert.deepEqual(await findingsOf(rule, { code: loose, options }), [], name);
    }
  });

  it("is content with checks whose result is used", async () => {
    const bodies = [
      `errors.add(!check(res, { ok: (r) => r.status === 200 }));`,
      `if (!check(res, { ok: (r) => r.status === 200 })) return;`,
      `const ok = check(res, { ok: (r) => r.status === 200 }); errors.add(!ok);`,
      `check(res, { ok: (r) => r.status === 200 }) || errors.add(1);`,
    ];
    for (const body of bodies)
      assert.deepEqual(await findingsOf(rule, { code: script(body) }), [], body);
  });

  it("keeps a check out that a comment sets aside, and tells of one that is all set aside", async () => {
    const body = (first: string): string =>
      `// lakh-ignore checks-without-threshold: only for the log
  check(res, { a: (r) => r.status === 200 });
  ${first}`;
    const both = await lint({ code: script(body("check(res, { b: (r) => r.body });")) });
    const [finding] = both.findings.filter((each) => each.rule === rule);
    assert.deepEqual(linesOf(finding!), ["check(res, { b: (r) => r.body });"]);
    const one = await lint({ code: script(body("")) });
    assert.deepEqual(
      one.ignored.map(({ finding: each, reason }) => [each.rule, reason]),
      [[rule, "only for the log"]],
    );
    assert.deepEqual(
      one.findings.filter((each) => each.rule === rule),
      [],
    );
  });
});

describe("constant-check", () => {
  const faults: readonly (readonly [check: string, severity: string, words: RegExp])[] = [
    [`true`, "problem", /always passes/u],
    [`"200"`, "problem", /always passes/u],
    [`() => true`, "problem", /always true/u],
    [`(r) => { r.status === 200; }`, "problem", /returns nothing/u],
    [`(r) => r.status = 200`, "problem", /assigns/u],
    [`res.status === 200`, "info", /worked out before/u],
  ];
  for (const [value, severity, words] of faults) {
    it(`finds ${value}`, async () => {
      const code = script(`check(res, { "is ok": ${value} });`);
      const [finding, ...others] = await findingsOf("constant-check", { code });
      assert.equal(others.length, 0);
      assert.equal(finding?.severity, severity);
      assert.match(finding.message, words);
    });
  }

  it("leaves functions that compare alone, also named and async ones", async () => {
    const checks = [
      `(r) => r.status === 200`,
      `(r) => { return r.status === 200; }`,
      `(r) => { if (r.status) return true; return false; }`,
      `(r) => { throw new Error(r); }`,
      `isOk`,
      `async (r) => { await r; }`,
      `predicate("x")`,
    ];
    for (const value of checks) {
      const code = `${script(`check(res, { ok: ${value} });`)}
const isOk = (r) => r.status === 200;
function predicate(name) { return (r) => r.body.includes(name); }`;
      assert.deepEqual(await findingsOf("constant-check", { code }), [], value);
    }
  });
});

describe("parse-before-check", () => {
  it("finds a body that is parsed before its response is checked", async () => {
    for (const parse of ["JSON.parse(res.body)", "res.json()", 'res.json("items")']) {
      const code = script(`const data = ${parse};
  check(res, { ok: (r) => r.status === 200 && data });`);
      const [finding] = await findingsOf("parse-before-check", { code });
      assert.deepEqual(linesOf(finding!)[0], `const data = ${parse};`);
    }
  });

  it("leaves guarded, conditional, later and other parses alone", async () => {
    const bodies = [
      `check(res, { ok: (r) => r.status === 200 }); const data = res.json();`,
      `let data; try { data = JSON.parse(res.body); } catch { data = null; } check(res, { ok: () => data });`,
      `try { const data = res.json(); check(res, { ok: () => data }); } catch (e) { errors.add(1); }`,
      `if (res.status === 200) res.json(); check(res, { ok: (r) => r.status === 200 });`,
      `const parse = () => res.json(); check(res, { ok: (r) => parse() });`,
      `check(res, { ok: (r) => r.json().ok });`,
      `const other = http.get("http://x/2"); other.json(); check(res, { ok: (r) => r.status === 200 });`,
      `const config = JSON.parse("{}"); check(res, { ok: (r) => config });`,
    ];
    for (const body of bodies)
      assert.deepEqual(await findingsOf("parse-before-check", { code: script(body) }), [], body);
  });
});

describe("content-unchecked", () => {
  it("tells of a script that looks at the status alone, or at nothing", async () => {
    const [status] = await findingsOf("content-unchecked", { code: loose });
    assert.match(status!.message, /^no check/u);
    const [nothing] = await findingsOf("content-unchecked", { code: script("") });
    assert.match(nothing!.message, /^nothing/u);
  });

  it("is content with any code that reads a body, and with scripts without requests", async () => {
    const codes = [
      script(`check(res, { ok: (r) => r.body.length > 0 });`),
      script(`errors.add(res.json("items").length === 0);`),
      script(`const { body } = res; errors.add(!body);`),
      `${imports}export default function () { sleep(1); }`,
    ];
    for (const code of codes) assert.deepEqual(await findingsOf("content-unchecked", { code }), []);
  });
});

describe("iterations-throw", () => {
  it("tells of exceptions of the dry run", async () => {
    const trial = trialFacts({
      failedIterations: 9,
      exceptions: [{ message: "TypeError: x is not a function", count: 9 }],
    });
    const [finding] = await findingsOf("iterations-throw", { code: loose, trial });
    assert.equal(finding?.severity, "problem");
    assert.match(finding.message, /^9 of 9 iterations/u);
  });

  it("tells of a teardown() that fails", async () => {
    const trial = trialFacts({ teardownError: "Error: no session" });
    const [finding, ...others] = await findingsOf("iterations-throw", { code: loose, trial });
    assert.equal(others.length, 0);
    assert.match(finding!.message, /^teardown\(\) failed/u);
  });

  it("is content with a clean dry run, and not judged without one or when nobody answered", async () => {
    assert.deepEqual(
      await findingsOf("iterations-throw", { code: loose, trial: trialFacts() }),
      [],
    );
    for (const trial of [
      { missing: "no target" },
      trialFacts({ unanswered: 36, failedIterations: 9 }),
    ]) {
      const { findings, notJudged } = await lint({ code: loose, trial });
      assert.equal(
        findings.some((each) => each.rule === "iterations-throw"),
        false,
      );
      assert.ok(notJudged.some((each) => each.rule === "iterations-throw"));
    }
  });
});
