import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as z from "zod";
import { monitorPaths } from "../../../src/monitor/paths.ts";
import { lastWords } from "../../../src/monitor/ready.ts";
import type { MonitorStatus, PrometheusStatus } from "../../../src/monitor/status.ts";
import { monitorStatusJsonSchema } from "../../../src/monitor/status-schema.ts";
import { renderStatus, renderUp } from "../../../src/monitor/text.ts";
import type { UpResult } from "../../../src/monitor/up.ts";
import { assertPublished } from "../../support/published-schema.ts";

const part = (url: string, version: string | null, pid: number) => ({
  url,
  version,
  process: { pid, identity: "boot/1" },
});

const whole: UpResult = {
  state: {
    schemaVersion: 1,
    kind: "programs",
    phase: "up",
    startedAt: "2026-11-27T07:41:03.120Z",
    retention: { time: "30d", size: "5GB" },
    prometheus: part("http://127.0.0.1:9090", "2.42.0", 10),
    grafana: part("http://127.0.0.1:3000", "13.2.3", 11),
  },
  wasUp: false,
  password: "pa55word",
  isPasswordRight: true,
  paths: monitorPaths({ XDG_STATE_HOME: "/s" }),
};

describe("what up says", () => {
  it("is the URLs, the password and the way on", () =>
    assert.equal(
      renderUp(whole),
      `Prometheus  http://127.0.0.1:9090  2.42.0
            takes remote write at http://127.0.0.1:9090/api/v1/write
Grafana     http://127.0.0.1:3000  13.2.3
            log in as admin with pa55word (shown this once; only you can read it in /s/lakh/monitor/grafana.env)
data        kept 30d, at most 5GB; logs and settings in /s/lakh/monitor

next: lakh run script.js --out prometheus
stop: lakh monitor down
`,
    ));

  it("is that it is up already, without the password", () => {
    const text = renderUp({ ...whole, wasUp: true, password: undefined });
    assert.match(text, /^the monitor is up already, since 2026-11-27T07:41:03.120Z\n/u);
    assert.match(text, /the password is the one of the first start, kept in \/s\/lakh/u);
  });

  it("is how to come to another password than the one of the file", () => {
    const lost = { ...whole, password: undefined, isPasswordRight: false };
    assert.match(renderUp(lost), /not the one in .*grafana.env.*down --purge/u);
    const inDocker = { ...lost, state: { ...whole.state, kind: "docker" as const } };
    assert.match(
      renderUp(inDocker),
      /docker compose --project-name lakh-monitor-[0-9a-f]{8} exec grafana grafana cli admin reset-admin-password/u,
    );
  });

  it("is what is missing without Grafana", () => {
    const text = renderUp({
      ...whole,
      state: { ...whole.state, grafana: null },
    });
    assert.match(text, /^Grafana {5}none: Prometheus draws .* http:\/\/127.0.0.1:9090\/graph$/mu);
    assert.match(text, /install Grafana \(https:\/\/grafana.com\/grafana\/download\)/u);
  });
});

const prometheus: PrometheusStatus = {
  isUp: true,
  problem: null,
  url: "http://127.0.0.1:9090",
  port: 9_090,
  version: "2.42.0",
  pid: 4_711,
  remoteWriteUrl: "http://127.0.0.1:9090/api/v1/write",
  series: 12_345,
};

const status: MonitorStatus = {
  schemaVersion: 1,
  state: "up",
  kind: "programs",
  startedAt: "2026-11-27T07:41:03.120Z",
  upSeconds: 3_725,
  retention: { time: "30d", size: "5GB" },
  prometheus,
  grafana: null,
  folder: "/s/lakh/monitor",
};

describe("the status", () => {
  it("has a published schema (UPDATE_GOLDEN=1 writes it), which takes it and nothing else", () => {
    const schema = monitorStatusJsonSchema();
    assertPublished("monitor-status.schema.json", schema);
    const shape = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    assert.deepEqual(shape.parse(status), status);
    for (const name of Object.keys(status))
      assert.equal(shape.safeParse({ ...status, [name]: undefined }).success, false, name);
    assert.equal(shape.safeParse({ ...status, more: 1 }).success, false);
    assert.equal(shape.safeParse({ ...status, state: "on" }).success, false);
  });

  it("is a line a part", () =>
    assert.equal(
      renderStatus(status),
      `the monitor is up: from programs of this machine, started 2026-11-27T07:41:03.120Z, 1h2m5s ago
  Prometheus  up    2.42.0  http://127.0.0.1:9090  process 4711  12,345 series
  Grafana     none
  data kept 30d, at most 5GB; logs and settings in /s/lakh/monitor
`,
    ));

  it("says what does not run, why, and what to do", () => {
    const ended = { ...prometheus, isUp: false, problem: "process 4711 has ended", series: null };
    const text = renderStatus({ ...status, state: "down", prometheus: ended });
    assert.match(text, /^the monitor is down, although it was started: /u);
    assert.match(text, /Prometheus {2}down .*process 4711 has ended$/mu);
    assert.match(text, /what to do: lakh monitor up/u);
  });

  it("has nothing to show when nothing was started", () => {
    const none = { ...status, state: "down" as const, kind: null, prometheus: null };
    assert.equal(renderStatus(none), "the monitor is not up; lakh monitor up starts it\n");
  });
});

describe("the last words of a log", () => {
  const cases: readonly [string, string, string][] = [
    [
      "an error in key=value form",
      'a=1\nlevel=error err="open \\"x\\": no" x=1\nlast\n',
      'open "x": no',
    ],
    ["an error without quotes", "ts=1 level=error error=denied\n", "denied"],
    ["the last of several errors", "err=one\nerr=two\n", "two"],
    ["the last line when there is none", "one\ntwo\n\n", "two"],
    ["nothing", "", ""],
  ];
  for (const [title, log, expected] of cases)
    it(`are ${title}`, () => assert.equal(lastWords(log), expected));
});
