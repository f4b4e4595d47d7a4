/** `lakh compare` of real runs: against a server that is slower by a known factor, and against one that is not. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import type { Comparison } from "../../src/judge/index.ts";
import { assertCompareDocument } from "../../src/cli/compare-document.ts";
import { runLakh, scratchFolder } from "../support/cli.ts";

const script = `
import http from "k6/http";
export const options = { scenarios: { s: {
  executor: "constant-arrival-rate", rate: 40, timeUnit: "1s", duration: "3s", preAllocatedVUs: 30 } } };
export default function () {
  http.get(__ENV.BASE + "/steady", { tags: { name: "steady" } });
  http.get(__ENV.BASE + "/moody", { tags: { name: "moody" } });
}`;

/** Answers after 60 ms, what is moody after so many times that. */
function startServer(factor: number): Promise<Server> {
  const server = createServer((request, response) => {
    const delayMs = request.url === "/moody" ? 60 * factor : 60;
    setTimeout(() => response.end("ok"), delayMs);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

describe("lakh compare", () => {
  const servers: Server[] = [];
  before(async () => {
    for (const factor of [1, 1, 3]) servers.push(await startServer(factor));
  });
  after(() => {
    for (const server of servers) server.close();
  });

  async function runs(folder: string, server: number, count: number): Promise<void> {
    const { port } = servers[server]!.address() as AddressInfo;
    for (let run = 0; run < count; run++) {
      const args = ["run", "-q", "--summary-mode", "disabled", "script.js"];
      const env = { BASE: `http://127.0.0.1:${port}` };
      const { code, stderr } = await runLakh(args, { cwd: folder, env });
      assert.equal(code, 0, stderr);
    }
  }

  /** A busy machine may spoil single runs, which a comparison must then refuse: that is no regression, nor none. */
  function skipsUnfit(t: TestContext, { verdict, sentence }: Comparison): boolean {
    if (verdict !== "INVALID" || !sentence.includes("generator was the bottleneck")) return false;
    t.skip(`this machine is too busy: ${sentence}`);
    return true;
  }

  it("finds the endpoint that became slower and no other, keeps baselines, and refuses other scripts", async (t) => {
    const folder = scratchFolder(t, { "script.js": script, "other.js": `${script}\n// other` });
    const all: string[][] = [];
    for (const server of [0, 1, 2]) {
      await runs(folder, server, 3);
      const { stdout } = await runLakh(["runs", "--json", "-n", "3"], { cwd: folder });
      all.push((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id));
    }
    const [base, same, slow] = all as [string[], string[], string[]];
    const floor = ["--error-floor", "2%", "--latency-floor", "30ms", "--fail-on", "regression"];
    const compare = async (args: readonly string[]) => {
      const env = { GITHUB_STEP_SUMMARY: join(folder, "summary.md") };
      const done = await runLakh(["compare", ...args], { cwd: folder, env });
      return { ...done, value: done.stdout.startsWith("{") ? JSON.parse(done.stdout) : undefined };
    };

    const saved = await compare(["--save-baseline", "baselines/shop.json", ...base]);
    if (saved.code === 4) return t.skip(`this machine is too busy: ${saved.stderr}`);
    assert.equal(saved.code, 0, saved.stderr);
    assert.ok(readFileSync(join(folder, "baselines", "shop.json"), "utf8").length < 20_000);

    const worse = await compare(["baselines/shop.json", ...slow, ...floor, "--json"]);
    const found = worse.value as Comparison;
    if (skipsUnfit(t, found)) return;
    assertCompareDocument(found);
    assert.equal(found.verdict, "FAIL", found.sentence);
    assert.equal(worse.code, 99);
    const statusOf = (name: string | undefined) =>
      found.rows.find((row) => row.measure === "p95" && row.endpoint?.name === name)!.status;
    assert.deepEqual([statusOf("moody"), statusOf("steady")], ["worse", "same"]);
    const shown = await compare(["--base", base.join(","), ...slow]);
    assert.equal(shown.code, 0, "without --fail-on the table is what was asked for");
    assert.match(shown.stdout, /GET moody\n {2}p95 .* ✗ worse/u);
    assert.match(readFileSync(join(folder, "summary.md"), "utf8"), /## ❌ lakh compare: FAIL/u);

    const alike = await compare(["baselines", ...same, ...floor, "--json"]);
    if (skipsUnfit(t, alike.value as Comparison)) return;
    assert.equal((alike.value as Comparison).verdict, "PASS", (alike.value as Comparison).sentence);
    assert.equal(alike.code, 0);

    const junit = await compare(["baselines/shop.json", ...slow, "--format", "junit"]);
    assert.match(junit.stdout, /<failure message="[^"]*worse/u);

    const twice = await compare([base[0]!, base[0]!]);
    assert.equal(twice.code, 255);
    assert.match(twice.stderr, /COMPARE_TWICE/u);

    const { port } = servers[0]!.address() as AddressInfo;
    const args = ["run", "-q", "--summary-mode", "disabled", "-d", "1s", "-u", "1", "other.js"];
    await runLakh(args, { cwd: folder, env: { BASE: `http://127.0.0.1:${port}` } });
    const other = await compare([base[0]!, "latest"]);
    assert.equal(other.code, 4);
    assert.match(other.stdout, /INVALID {2}the runs cannot be compared/u);
  });
});
