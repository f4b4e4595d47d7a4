import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { type Job, peers } from "../../../bench/peers.ts";
import { scenarios } from "../../../bench/scenarios.ts";

function withJob(scenario: string, use: (job: Job) => void): void {
  const { load } = scenarios.find(({ name }) => name === scenario)!;
  const folder = mkdtempSync(join(tmpdir(), "lakh-peers-"));
  try {
    use({ load, url: "http://127.0.0.1:1", seconds: 5, folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("bench peers", () => {
  it("has every tool that a scenario names, and a command or a reason to leave it out", () => {
    for (const { name, tools } of scenarios)
      withJob(name, (job) => {
        for (const tool of tools) {
          const args = peers.get(tool)!.prepare(job);
          if (tool === "lakh" || tool === "k6") assert.ok(args, `${tool} in ${name}`);
        }
      });
  });

  it("leaves HTTP/2 to the tools that speak it", () => {
    withJob("tls-http2", (job) => {
      const able = [...peers.values()].filter((peer) => peer.prepare(job) !== undefined);
      assert.deepEqual(
        able.map(({ name }) => name),
        ["lakh", "lakh --workers 2", "k6", "vegeta", "oha"],
      );
    });
  });

  it("runs functions that the scripts have", () => {
    const folder = resolve(import.meta.dirname, "..", "..", "..", "..", "bench", "scripts");
    for (const { load } of scenarios) {
      const text = readFileSync(join(folder, `${load.script}.js`), "utf8");
      assert.match(text, new RegExp(`export (default )?function (${load.exec})?\\(`, "u"));
    }
  });

  it("reads each tool's percentiles in its own unit", () => {
    withJob("get", (job) => {
      const write = (name: string, text: string): void =>
        writeFileSync(join(job.folder, name), text);
      write(
        "summary.json",
        '{"metrics":{"http_req_duration":{"med":1.5,"p(95)":2.5,"p(99)":3.5,"avg":9}}}',
      );
      write(
        "report.json",
        '{"aggregate":{"summaries":{"http.response_time":{"p50":1.5,"p95":2.5,"p99":3.5}}}}',
      );
      write(
        "out_stats.csv",
        "Type,Name,50%,66%,95%,99%\r\nGET,/small,7,7,7,7\r\n,Aggregated,1.5,2,2.5,3.5\r\n",
      );
      const outputs = {
        lakh: "",
        k6: "",
        artillery: "",
        locust: "",
        wrk: 'Running 5s test\n{"p50":1500,"p95":2500,"p99":3500}\n',
        oha: '{"latencyPercentiles":{"p50":0.0015,"p95":0.0025,"p99":0.0035}}',
      };
      for (const [tool, stdout] of Object.entries(outputs)) {
        const { p50Ms, p95Ms, p99Ms } = peers.get(tool)!.percentiles(job, stdout);
        const rounded = [p50Ms, p95Ms, p99Ms].map((value) => Number(value!.toPrecision(6)));
        assert.deepEqual(rounded, [1.5, 2.5, 3.5], tool);
      }
      const autocannon = peers.get("autocannon")!;
      assert.deepEqual(autocannon.percentiles(job, '{"latency":{"p50":1,"p97_5":2,"p99":3}}'), {
        p50Ms: 1,
        p95Ms: undefined,
        p99Ms: 3,
      });
    });
  });

  it("read how an open load was kept to from what the script tells", () => {
    withJob("arrival-5000", (job) => {
      const metrics = { iterations: { count: 299 }, start_lateness: { "p(99)": 4.5 } };
      writeFileSync(join(job.folder, "summary.json"), JSON.stringify({ metrics }));
      const shape = { kind: "open", ratePerSecond: 100, vus: 1 } as const;
      const open: Job = { ...job, seconds: 3, load: { ...job.load, shape } };
      for (const tool of ["lakh", "k6"]) {
        const told = peers.get(tool)!.schedule!(open);
        assert.deepEqual(told, { due: 300, started: 299, latenessP99Ms: 4.5 }, tool);
        const closed: Job = { ...job, load: { ...job.load, shape: { kind: "closed", vus: 1 } } };
        assert.equal(peers.get(tool)!.schedule!(closed), undefined, tool);
      }
    });
  });
});
