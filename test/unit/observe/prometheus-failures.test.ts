/** What can go wrong between lakh and a Prometheus, played by servers of our own. */
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../../src/base/clock.ts";
import { silentLogger } from "../../../src/base/log.ts";
import {
  checkPrometheus,
  createPrometheusObserver,
  planPrometheus,
  type PrometheusRequest,
} from "../../../src/observe/index.ts";
import type { ObservationRecord } from "../../../src/record/index.ts";

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const request = (url: string, parts: Partial<PrometheusRequest> = {}): PrometheusRequest => ({
  url,
  presets: [],
  selector: [],
  queries: { cpu_cores: "sum(rate(a{}[$window]))" },
  headers: {},
  ...parts,
});

function check(asked: PrometheusRequest): Promise<void> {
  return checkPrometheus({
    plan: planPrometheus(asked),
    clock: systemClock,
    logger: silentLogger,
    timeoutMs: 300,
  });
}

async function readAfterRun(
  asked: PrometheusRequest,
): Promise<{ records: readonly ObservationRecord[]; lines: readonly string[] }> {
  const lines: string[] = [];
  const startWallMs = systemClock.wallMs() - 60_000;
  const observer = createPrometheusObserver({
    plan: planPrometheus(asked),
    clock: systemClock,
    logger: {
      log: (level, message, fields) =>
        void lines.push(`${level}: ${message} | ${fields?.["hint"]}`),
    },
    timeoutMs: 300,
    pausesMs: [1, 1],
    startWallMs: () => startWallMs,
  });
  return { records: await observer.stop(), lines };
}

const success = (resultType: string, result: unknown): string =>
  JSON.stringify({ status: "success", data: { resultType, result } });

test("a Prometheus that is down ends the run before it begins, and is missing from the record after it", async (t) => {
  const url = await serve(t, (request) => request.socket.destroy());
  await assert.rejects(check(request(url)), (error) => {
    assert.match(String(error), /Prometheus at http:\/\/127\.0\.0\.1:\d+ cannot be read/u);
    assert.equal((error as { exitCode: number }).exitCode, 104);
    return (error as { code: string }).code === "OBSERVE_UNREACHABLE";
  });
  const { records, lines } = await readAfterRun(request(url));
  assert.deepEqual(records, []);
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /^warning: Prometheus at .* cannot be read: .*missing from the record/u);
});

test("one that does not answer is given up after the time allowed", async (t) => {
  const url = await serve(t, () => undefined);
  await assert.rejects(check(request(url)), /no answer within 0\.3 s/u);
  assert.deepEqual((await readAfterRun(request(url))).records, []);
});

test("one that answers again at the second try is read", async (t) => {
  let asked = 0;
  const url = await serve(t, (incoming, response) => {
    asked++;
    if (asked === 1) response.destroy();
    else if (incoming.url!.includes("query_range")) {
      const at = Math.floor(Date.now() / 1_000) - 30;
      response.end(
        success("matrix", [
          {
            metric: { pod: "a" },
            values: [
              [at, "0.5"],
              [at + 1, "NaN"],
              [at + 2, "+Inf"],
            ],
          },
        ]),
      );
    } else
      response.end(
        success(
          incoming.url!.includes("time%28%29") ? "scalar" : "vector",
          incoming.url!.includes("time%28%29")
            ? [Date.now() / 1_000, String(Date.now() / 1_000)]
            : [],
        ),
      );
  });
  const { records, lines } = await readAfterRun(request(url));
  assert.deepEqual(lines, []);
  assert.deepEqual(
    records.map(({ source, points }) => [source, points.length]),
    [[`a (${url})`, 1]],
  );
});

test("a page for people, another status, a redirect and too many series are refused, each with what to do", async (t) => {
  const cases: readonly [RequestListener, RegExp, RegExp][] = [
    [
      (_, response) => response.end("<html>Grafana</html>"),
      /does not answer as Prometheus/u,
      /\/api\/v1\/query/u,
    ],
    [
      (_, response) => response.writeHead(404).end("not found"),
      /answered 404/u,
      /\/api\/v1\/query/u,
    ],
    [
      (_, response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      /answered 302/u,
      /redirects are not followed/u,
    ],
    [
      (_, response) => response.writeHead(403).end("{}"),
      /answered 403: not authorised/u,
      /LAKH_OBSERVE_TOKEN/u,
    ],
    [
      (_, response) =>
        response
          .writeHead(503)
          .end(JSON.stringify({ status: "error", errorType: "timeout", error: "query timed out" })),
      /query timed out/u,
      /own web page/u,
    ],
    [
      (_, response) =>
        response.end(
          success(
            "vector",
            Array.from({ length: 101 }, (_each, pod) => ({
              metric: { pod: String(pod) },
              value: [1, "1"],
            })),
          ),
        ),
      /matches 101 series/u,
      /narrow the selector/u,
    ],
  ];
  for (const [listener, message, hint] of cases) {
    const url = await serve(t, listener);
    await assert.rejects(check(request(url)), (error) => {
      assert.match(String(error), message);
      assert.match((error as { hint: string }).hint, hint);
      return true;
    });
  }
});

test("user, password and headers are sent, and shown nowhere", async (t) => {
  const seen: (string | undefined)[] = [];
  const url = await serve(t, (incoming, response) => {
    seen.push(incoming.headers.authorization, incoming.headers["x-scope-orgid"] as string);
    assert.ok(incoming.url!.startsWith("/prom/api/v1/query"));
    assert.equal(new URL(incoming.url!, "http://x").searchParams.get("key"), "k3y");
    response.writeHead(500).end();
  });
  const withLogin = `${url.replace("//", "//me:p%40ss@")}/prom/?key=k3y`;
  const asked = request(withLogin, { headers: { "X-Scope-OrgID": "t3nant" } });
  await assert.rejects(check(asked), (error) => {
    const { message, hint, stack } = error as { message: string; hint: string; stack: string };
    assert.match(message, /at http:\/\/127\.0\.0\.1:\d+\/prom answered 500/u);
    assert.doesNotMatch(message + hint + stack, /p%40ss|p@ss|k3y|t3nant/u);
    return true;
  });
  assert.deepEqual(seen, [`Basic ${Buffer.from("me:p@ss").toString("base64")}`, "t3nant"]);
  const { lines } = await readAfterRun(asked);
  assert.doesNotMatch(lines.join("\n"), /p%40ss|p@ss|k3y|t3nant/u);
});

test("what cannot be asked is refused at once, with what to write instead and without secrets", () => {
  const cases: readonly [Partial<PrometheusRequest>, RegExp][] = [
    [{ url: "prom:s3cret@host" }, /no http: or https: URL/u],
    [{ presets: ["rust"], selector: ["a=b"] }, /no preset "rust"/u],
    [{ presets: ["nodejs"] }, /needs a selector/u],
    [{ selector: ["shop"] }, /"shop" is no label matcher/u],
    [{ queries: {} }, /nothing is asked/u],
    [{ queries: { "CPU cores": "up" } }, /"CPU cores"/u],
    [{ queries: { cpu_cores: " " } }, /no usable name, or no text/u],
    [
      { headers: { authorization: "Bearer s3cret\nx: y" } },
      /"authorization" for Prometheus cannot be sent/u,
    ],
  ];
  for (const [parts, message] of cases) {
    assert.throws(
      () => planPrometheus(request("http://127.0.0.1:9090", parts)),
      (error) => {
        const { code, hint } = error as { code: string; hint: string };
        assert.match(String(error), message);
        assert.doesNotMatch(String(error) + hint, /s3cret/u);
        return code === "OBSERVE_REQUEST";
      },
    );
  }
});

test("of a reading that two presets have, the first one's query counts", () => {
  const plan = planPrometheus(
    request("http://127.0.0.1:9090", {
      presets: ["kubernetes", "nodejs"],
      selector: ["pod=a"],
      queries: {},
    }),
  );
  const queryOf = (name: string): string => plan.readings.find((each) => each.name === name)!.query;
  assert.match(queryOf("cpu_cores"), /container_cpu_usage/u);
  assert.match(queryOf("event_loop_lag_ms"), /nodejs_eventloop/u);
});
