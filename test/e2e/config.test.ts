/** `lakh run --config-file`: users, journeys and objectives from the file, by the real command line. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { requireK6 } from "../support/k6-binary.ts";
import { runLakh, scratchFolder } from "../support/cli.ts";

/** Counts requests by path, and keeps the tokens that it was sent. */
async function countingServer(
  t: TestContext,
): Promise<{ url: string; counts: Map<string, number>; tokens: Set<string | undefined> }> {
  const counts = new Map<string, number>();
  const tokens = new Set<string | undefined>();
  const server = createServer((request, response) => {
    counts.set(request.url!, (counts.get(request.url!) ?? 0) + 1);
    tokens.add(request.headers.authorization);
    response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, counts, tokens };
}

const script = `
  import http from "k6/http";
  const params = { headers: { authorization: __ENV.TOKEN } };
  export function browse() {
    http.get(__ENV.BASE_URL + "/home", params);
  }
  export function checkout() {
    for (let item = 0; item < 3; item++) http.get(__ENV.BASE_URL + "/buy", params);
  }
`;

function configFor(url: string): string {
  return `
    import { defineConfig } from "lakh";
    export default defineConfig({
      env: { TOKEN: "s3cret-of-the-test" },
      target: { url: ${JSON.stringify(url)} },
      audience: { dau: 10_800, peakToAverage: 1, concurrencyShare: "0.5%" },
      journeys: [{ name: "browse", weight: 3 }, { name: "buy", exec: "checkout" }],
      objectives: { p95: "900ms", errorRate: "1%", memory: "not judged" },
    });`;
}

function readRecord(cwd: string): { record: RunRecord; text: string } {
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  const text = readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8");
  return { record: JSON.parse(text) as RunRecord, text };
}

for (const runner of ["embedded", "k6"] as const) {
  describe(`journeys of a config file, on ${runner}`, () => {
    it("share the iterations by weight, and send the demand's requests in all", async (t) => {
      if (runner === "k6" && requireK6(t) === undefined) return;
      const { url, counts, tokens } = await countingServer(t);
      const cwd = scratchFolder(t, { "script.js": script, "load.config.ts": configFor(url) });
      const flags = ["--warm-up", "1s", "--steady", "7s", "--runner", runner];
      const result = await runLakh(
        ["run", "--config-file", "load.config.ts", ...flags, "script.js"],
        {
          cwd,
        },
      );
      assert.ok([0, 3, 4, 99].includes(result.code!), result.stderr);
      const { record, text } = readRecord(cwd);
      // 10,800 * 40 / 14,400 s = 30 requests/s. An iteration has 0.75 * 1 + 0.25 * 3 = 1.5 on average: 15 and 5 a second.
      const rates = record.scenarios.map(({ name, config }) => [name, config["rate"]]);
      assert.deepEqual(
        new Map(rates as [string, number][]),
        new Map([
          ["browse", 15],
          ["buy", 5],
        ]),
      );
      // In 8 s; the trial before it made three iterations of each.
      assert.equal(record.iterations.due ?? 160, 160);
      if (record.iterations.dropped === 0) {
        // k6 may start one more of each at the very end.
        const [extra, extraBuy] = [counts.get("/home")! - 123, counts.get("/buy")! / 3 - 43];
        const most = runner === "k6" ? 1 : 0;
        assert.ok(extra >= 0 && extra <= most, `${extra} more than planned`);
        assert.ok(extraBuy >= 0 && extraBuy <= most, `${extraBuy} more than planned`);
      }
      assert.deepEqual(record.objectives?.latency, [{ share: 0.95, limitMs: 900 }]);
      assert.equal(record.objectives.errorShare, 0.01);
      assert.equal(record.objectives.memoryStable, false);
      assert.equal(record.objectives.peakUsers, 54);
      const steps = new Map(record.plan?.steps.map(({ quantity, value }) => [quantity, value]));
      assert.equal(steps.get("journey browse")?.toFixed(6), "15.000000");
      assert.equal(steps.get("journey buy")?.toFixed(6), "15.000000");

      assert.deepEqual([...tokens], ["s3cret-of-the-test"], "the script had its variable");
      for (const shown of [text, result.stdout, result.stderr])
        assert.ok(!shown.includes("s3cret-of-the-test"), "a secret was shown");
    });
  });
}

describe("a config file for a run", () => {
  it("whose journey names no function of the script is refused before any load", async (t) => {
    const { url, counts } = await countingServer(t);
    const text = configFor(url).replace('exec: "checkout"', 'exec: "chekout"');
    const cwd = scratchFolder(t, { "script.js": script, "load.config.ts": text });
    const result = await runLakh(["run", "--config-file", "load.config.ts", "script.js"], { cwd });
    assert.equal(result.code, 104);
    assert.match(result.stderr, /function 'chekout' not found in exports/u);
    assert.match(result.stderr, /did you mean 'checkout'/u);
    assert.equal(counts.size, 0);
  });

  it("whose journey sends nothing is refused, by the journey's name", async (t) => {
    const { url } = await countingServer(t);
    const silent = script.replace("for (let item", "if (false) for (let item");
    const cwd = scratchFolder(t, { "script.js": silent, "load.config.ts": configFor(url) });
    const result = await runLakh(["run", "--config-file", "load.config.ts", "script.js"], { cwd });
    assert.equal(result.code, 104);
    assert.match(result.stderr, /3 trial iterations of journey buy made 0 requests/u);
  });

  it("that names a source that runs cannot read is refused", async (t) => {
    const config = JSON.stringify({
      audience: { dau: 10 },
      observe: [{ metrics: "http://127.0.0.1:1/metrics", headers: { authorization: "x" } }],
    });
    const cwd = scratchFolder(t, { "script.js": script, "lakh.config.json": config });
    const args = ["run", "--config-file", "lakh.config.json", "script.js"];
    const result = await runLakh(args, { cwd });
    assert.equal(result.code, 104);
    assert.match(result.stderr, /CONFIG_SOURCE/u);
  });

  it("is not read by a run that does not name it", async (t) => {
    const { url } = await countingServer(t);
    const cwd = scratchFolder(t, {
      "script.js": `${script} export default browse;`,
      "lakh.config.json": '{ "nonsense": 1 }',
    });
    const result = await runLakh(["run", "-e", `BASE_URL=${url}`, "-e", "TOKEN=x", "script.js"], {
      cwd,
    });
    assert.equal(result.code, 0, result.stderr);
  });
});
