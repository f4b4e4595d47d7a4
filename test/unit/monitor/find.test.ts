import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { findMonitor } from "../../../src/monitor/index.ts";
import { monitorPaths } from "../../../src/monitor/paths.ts";
import { identityOf } from "../../../src/monitor/processes.ts";
import { type MonitorState, writeState } from "../../../src/monitor/state.ts";
import { scratchFolder } from "../../support/cli.ts";
import { freePort } from "../../support/free-port.ts";

const url = "http://127.0.0.1:9099";

/** An environment with a state file in it; `identity` of this very process when left out. */
async function environment(
  t: TestContext,
  prometheus: Partial<MonitorState["prometheus"]> = {},
): Promise<{ XDG_STATE_HOME: string }> {
  const env = { XDG_STATE_HOME: scratchFolder(t) };
  const own = { pid: process.pid, identity: (await identityOf(process.pid))! };
  await writeState(monitorPaths(env).stateFile, {
    schemaVersion: 1,
    kind: "programs",
    phase: "up",
    startedAt: "2026-11-27T07:41:03.120Z",
    retention: { time: "30d", size: "5GB" },
    prometheus: { url, version: "2.42.0", process: own, ...prometheus },
    grafana: { url: "http://127.0.0.1:3099", version: null, process: own },
  });
  return env;
}

describe("a run finds the monitor", () => {
  it("by the state file, while its process runs", async (t) => {
    assert.deepEqual(await findMonitor(await environment(t)), {
      prometheusUrl: url,
      remoteWriteUrl: `${url}/api/v1/write`,
      grafanaUrl: "http://127.0.0.1:3099",
    });
  });

  it("not when its process has ended, whoever has the number now", async (t) => {
    const process = { pid: globalThis.process.pid, identity: "an earlier boot/1" };
    assert.equal(await findMonitor(await environment(t, { process })), undefined);
  });

  it("not when there is none, and not by a file that is something else", async (t) => {
    const env = { XDG_STATE_HOME: scratchFolder(t) };
    assert.equal(await findMonitor(env), undefined);
    const { stateFile } = monitorPaths(env);
    mkdirSync(dirname(stateFile));
    writeFileSync(stateFile, '{"schemaVersion":2}');
    assert.equal(await findMonitor(env), undefined);
  });

  it("in a container when it answers there as Prometheus, and only then", async (t) => {
    let answer = "Prometheus Server is Ready.\n";
    const server = createServer((_request, response) => response.end(answer));
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = await environment(t, { url: own, process: null });
    assert.equal((await findMonitor(env))?.prometheusUrl, own);
    answer = "some other program";
    assert.equal(await findMonitor(env), undefined);
    const gone = `http://127.0.0.1:${await freePort()}`;
    assert.equal(await findMonitor(await environment(t, { url: gone, process: null })), undefined);
  });
});
