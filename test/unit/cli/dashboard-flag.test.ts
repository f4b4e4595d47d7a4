import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Host } from "../../../src/base/host.ts";
import {
  dashboardExport,
  type DashboardFlags,
  type DashboardUse,
  withDashboard,
} from "../../../src/cli/dashboard-flag.ts";
import { splitDashboardOutput } from "../../../src/cli/output-flag.ts";
import { testHost } from "../../support/host.ts";

const onTerminal = (): Host["stderr"] => ({ ...testHost([]).stderr, isTty: true });

/** Whether there is a dashboard, its URL, and what was logged and said. */
async function opened(
  flags: Partial<DashboardFlags>,
  use: Partial<DashboardUse> = {},
  host: Partial<Host> = {},
): Promise<{ url: string | undefined; lines: string[] }> {
  const lines: string[] = [];
  const own = testHost([], { stderr: { ...testHost([]).stderr }, ...host });
  const stderr = { ...own.stderr, write: (text: string) => void lines.push(text) };
  const logger = {
    log: (level: string, message: string) => void lines.push(`${level} ${message}`),
  };
  let url: string | undefined;
  await withDashboard(
    { host: { ...own, stderr } as Host, isUsual: false, logger, ...use },
    { runner: "embedded", ...flags },
    (dashboard) => {
      ({ url } = dashboard ?? {});
      return Promise.resolve();
    },
  );
  return { url, lines };
}

const anyPort = { dashboardPort: 0 };

describe("--dashboard", () => {
  it("opens one, and says where", async () => {
    const { url, lines } = await opened({ dashboard: true, ...anyPort });
    assert.match(url!, /^http:\/\/127\.0\.0\.1:\d+\/$/u);
    assert.deepEqual(lines, [`dashboard: ${url}\n`]);
    const quiet = await opened({ dashboard: true, quiet: true, ...anyPort });
    assert.deepEqual([quiet.url === undefined, quiet.lines], [false, []]);
  });

  it("is off by itself without a terminal, in CI, and where it is not usual", async () => {
    const isUsual = true;
    const isOpen = async (
      use: Partial<DashboardUse>,
      host: Partial<Host>,
      flags: Partial<DashboardFlags> = {},
    ): Promise<boolean> => (await opened({ ...anyPort, ...flags }, use, host)).url !== undefined;
    assert.equal(await isOpen({ isUsual }, { stderr: onTerminal() }), true);
    assert.equal(await isOpen({ isUsual }, {}), false);
    assert.equal(await isOpen({ isUsual }, { stderr: onTerminal(), env: { CI: "true" } }), false);
    assert.equal(await isOpen({ isUsual }, { stderr: onTerminal(), env: { CI: "false" } }), true);
    assert.equal(await isOpen({}, { stderr: onTerminal() }), false);
    assert.equal(await isOpen({ isUsual }, { stderr: onTerminal() }, { dashboard: false }), false);
    assert.equal(await isOpen({ isUsual }, { env: { CI: "true" } }, { dashboard: true }), true);
  });

  it("obeys k6's variables, which the flags override", async () => {
    const on = { K6_WEB_DASHBOARD: "true", K6_WEB_DASHBOARD_PORT: "0" };
    const isOpen = async (
      env: Host["env"],
      flags: Partial<DashboardFlags> = {},
    ): Promise<boolean> => (await opened(flags, {}, { env })).url !== undefined;
    assert.equal(await isOpen(on), true);
    assert.equal(await isOpen(on, { dashboard: false }), false);
    assert.equal(await isOpen({ ...on, K6_WEB_DASHBOARD_PORT: "-1" }), false);
    assert.equal(await isOpen({ ...on, K6_WEB_DASHBOARD: "" }), false);
    assert.equal(await isOpen(on, { runner: "k6" }), false);
    const off = { K6_WEB_DASHBOARD: "false" };
    const usual = await opened(anyPort, { isUsual: true }, { env: off, stderr: onTerminal() });
    assert.equal(usual.url, undefined);
    await assert.rejects(isOpen({ K6_WEB_DASHBOARD: "yes" }), { code: "ENV_BOOLEAN" });
  });

  it("is what --out web-dashboard means, with its port", async () => {
    assert.deepEqual(splitDashboardOutput(["json=a", "web-dashboard=port=0&period=5s"]), {
      outputs: ["json=a"],
      output: "port=0&period=5s",
    });
    assert.deepEqual(splitDashboardOutput(["web-dashboards"]), {
      outputs: ["web-dashboards"],
      output: undefined,
    });
    const { url, lines } = await opened({ out: ["web-dashboard=port=0&period=5s"] });
    assert.ok(url !== undefined);
    const ofK6 = await opened({ out: ["web-dashboard=port=0"], runner: "k6" });
    assert.equal(ofK6.url, undefined);
    assert.equal(lines[0], "warning web-dashboard: without effect in lakh: period");
  });

  it("opens a browser where k6 would, and says why it cannot", async () => {
    const env = {
      K6_WEB_DASHBOARD: "true",
      K6_WEB_DASHBOARD_PORT: "0",
      K6_WEB_DASHBOARD_OPEN: "true",
    };
    const withoutDisplay = async (asked: Host["env"]): Promise<string[]> => {
      const { lines } = await opened({ quiet: true }, {}, { env: asked });
      // The run does not wait for the browser, nor does the command.
      const isOpening = asked["K6_WEB_DASHBOARD_OPEN"] === "true";
      for (let turn = 0; isOpening && lines.length === 0 && turn < 500; turn++) await delay(10);
      return lines;
    };
    const refused = "warning the dashboard was not opened in a browser: there is no display";
    if (process.platform === "linux") assert.deepEqual(await withoutDisplay(env), [refused]);
    assert.deepEqual(await withoutDisplay({ ...env, K6_WEB_DASHBOARD_OPEN: "false" }), []);
    await assert.rejects(withoutDisplay({ ...env, K6_WEB_DASHBOARD_OPEN: "yes" }), {
      code: "ENV_BOOLEAN",
    });
  });

  it("knows where k6's user wants the report", () => {
    const use: DashboardUse = { isUsual: false, logger: { log: () => undefined } };
    const exported = (env: Host["env"], flags: Partial<DashboardFlags> = {}): string | undefined =>
      dashboardExport(testHost([], { env }), { runner: "embedded", ...flags }, use);
    const env = { K6_WEB_DASHBOARD_EXPORT: "a.html" };
    assert.equal(exported(env), undefined, "there is no dashboard");
    assert.equal(exported({ ...env, K6_WEB_DASHBOARD: "true" }), "a.html");
    assert.equal(exported({ ...env, K6_WEB_DASHBOARD: "true" }, { runner: "k6" }), undefined);
    assert.equal(exported(env, { dashboard: true }), "a.html");
    assert.equal(exported(env, { out: ["web-dashboard=export=b.html"] }), "b.html");
  });
});
