/** A script that names no requests: what it is judged by is still found, and what cannot be told apart is said. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { type CliResult, runLakh, scratchFolder } from "../support/cli.ts";
import { serve } from "../support/local-server.ts";

/** Ten thousand URLs are as many sets of tags as lakh keeps apart; /checkout answers before and after that, /late after it. */
const script = `
  import http from "k6/http";
  import exec from "k6/execution";
  export const options = {
    scenarios: { s: { executor: "shared-iterations", vus: 20, iterations: 13_000 } },
    thresholds: JSON.parse(__ENV.THRESHOLDS),
  };
  const base = __ENV.BASE_URL;
  export default function () {
    const number = exec.scenario.iterationInTest;
    http.get(base + "/items/" + number);
    const isLate = number > 12_000;
    if (number % 100 === 50)
      http.get(base + (isLate ? "/broken" : "/ok"), { tags: { name: "checkout" } });
    if (isLate && number % 100 === 60) http.get(base + "/broken", { tags: { name: "late" } });
  }`;

async function runMany(
  t: TestContext,
  thresholds: object,
): Promise<CliResult & { cwd: string; record: RunRecord }> {
  const url = await serve(t, ({ url: path }, response) => {
    response.statusCode = path === "/broken" ? 500 : 200;
    response.end();
  });
  const cwd = scratchFolder(t, { "many.js": script });
  const env = ["-e", `BASE_URL=${url}`, "-e", `THRESHOLDS=${JSON.stringify(thresholds)}`];
  const result = await runLakh(["run", ...env, "many.js"], { cwd });
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  const text = readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8");
  return { ...result, cwd, record: JSON.parse(text) as RunRecord };
}

describe("more endpoints than are told apart", () => {
  for (const [what, name] of [
    ["fails late", "checkout"],
    ["comes late", "late"],
  ] as const) {
    it(`a threshold on an endpoint that ${what} has all of its requests`, async (t) => {
      const subject = `http_req_failed{name:${name}}`;
      const { code, record } = await runMany(t, { [subject]: ["rate<0.01"] });
      assert.equal(code, 99);
      const share = name === "late" ? 1 : 10 / 130;
      const { actual } = record.thresholds.find(({ metric }) => metric === subject)!;
      assert.ok(Math.abs(actual! - share) < 1e-9, `${actual} and not ${share}`);
    });
  }

  it("are counted together, and it is said: while the run goes on, in its record and in its report", async (t) => {
    const { code, stderr, record, cwd } = await runMany(t, {});
    assert.equal(code, 0);
    assert.equal(stderr.match(/more different tags than lakh keeps apart/gu)?.length, 1);
    assert.ok(record.tagOverflows! > 1_000);
    const page = readFileSync(join(cwd, "lakh-runs", record.id, "report.html"), "utf8");
    assert.match(page, /Not all endpoints are told apart/u);
  });
});
