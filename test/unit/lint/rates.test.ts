import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findingsOf, imports, linesOf, trialFacts } from "./lint-harness.ts";

const thresholds = { errors: ["rate<0.01"] };
const withRate = (body: string): string => `${imports}
const errors = new Rate("errors");
export default function () {
  const res = http.get("http://x/");
  ${body}
}`;

describe("one-sided-rate", () => {
  it("finds a Rate that only failures feed, and says so of its threshold", async () => {
    const code = withRate(`check(res, { ok: (r) => r.status === 200 }) || errors.add(1);`);
    const [finding, ...others] = await findingsOf("one-sided-rate", {
      code,
      options: { thresholds },
    });
    assert.equal(others.length, 0);
    assert.equal(finding!.severity, "problem");
    assert.match(finding!.message, /errors only ever gets a 1.*"rate<0\.01"/u);
    assert.deepEqual(linesOf(finding!), [
      'const errors = new Rate("errors");',
      "check(res, { ok: (r) => r.status === 200 }) || errors.add(1);",
    ]);
  });

  it("is a warning without a threshold, and finds true and named constants", async () => {
    for (const value of ["true", "BAD"]) {
      const code = `const BAD = 1;\n${withRate(`if (res.status !== 200) errors.add(${value});`)}`;
      const [finding] = await findingsOf("one-sided-rate", { code });
      assert.equal(finding?.severity, "warning", value);
    }
  });

  it("finds a Rate that only successes feed", async () => {
    const code = withRate(`if (res.status === 200) errors.add(0);`);
    const [finding] = await findingsOf("one-sided-rate", { code, options: { thresholds } });
    assert.match(finding!.message, /only ever gets a 0/u);
  });

  it("follows a Rate into another file and through an object", async () => {
    const code = `import http from "k6/http";
import { metrics } from "./metrics.js";
export default function () {
  if (http.get("http://x/").status !== 200) metrics.errors.add(1);
}`;
    const files = {
      "metrics.js": `import { Rate } from "k6/metrics";\nexport const metrics = { errors: new Rate("errors") };`,
    };
    const [finding] = await findingsOf("one-sided-rate", { code, files, options: { thresholds } });
    assert.ok(finding);
    const evidence = finding.evidence.flatMap((each) => (each.kind === "source" ? [each] : []));
    assert.deepEqual(
      evidence.map(({ file, line }) => [file.split("/").at(-1), line]),
      [
        ["metrics.js", 2],
        ["script.js", 4],
      ],
    );
  });

  it("says how many samples the dry run had", async () => {
    const code = withRate(`check(res, { ok: (r) => r.status === 200 }) || errors.add(1);`);
    const [finding] = await findingsOf("one-sided-rate", {
      code,
      options: { thresholds },
      trial: trialFacts(),
    });
    assert.deepEqual(finding!.evidence.at(-1), {
      kind: "figure",
      from: "dry-run",
      text: "0 samples of it in 9 iterations with 36 requests",
    });
  });

  it("leaves a Rate alone that gets both, an expression, or is handed on", async () => {
    const bodies = [
      `if (res.status === 200) errors.add(0); else errors.add(1);`,
      `errors.add(res.status !== 200);`,
      `errors.add(!check(res, { ok: (r) => r.status === 200 }));`,
      `const failed = res.status === 200 ? 0 : 1; errors.add(failed);`,
      `errors.add(1); count(errors);`,
      `let failed = 0; if (res.status !== 200) failed = 1; errors.add(failed);`,
    ];
    for (const body of bodies) {
      const code = `${withRate(body)}\nfunction count(metric) { metric.add(0); }`;
      assert.deepEqual(
        await findingsOf("one-sided-rate", { code, options: { thresholds } }),
        [],
        body,
      );
    }
  });

  it("leaves counters alone", async () => {
    const code = `${imports}const errors = new Counter("errors");
export default function () { errors.add(1); }`;
    assert.deepEqual(await findingsOf("one-sided-rate", { code }), []);
  });
});
