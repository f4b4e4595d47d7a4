/**
 * The requests that a record shows, against what the target itself was sent and answered, and against every sample that the
 * run measured.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { ExchangeRecord, RunRecord } from "../../src/record/index.ts";
import { finished, runLakh, scratchFolder, startLakh } from "../support/cli.ts";
import { localhostCertificate } from "../support/http-certificates.ts";

const secret = "src-71cc02de-and-more";

/** What the target was sent, and what it answered. */
interface Served {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

/** A target on HTTP/1.1 and one on HTTP/2, with one log: the answer's header `x-number` is the place in it. */
interface Target {
  readonly http1: string;
  readonly http2: string;
  readonly served: Served[];
}

const busyAnswer = JSON.stringify({
  error: "upstream unavailable",
  access_token: "answer-5d0c1b",
  rest: "x".repeat(5_000),
});

async function startTarget(t: TestContext): Promise<Target> {
  const served: Served[] = [];
  const handle = async (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): Promise<void> => {
    let body = "";
    for await (const piece of request) body += String(piece);
    const path = (request.url ?? "").split("?")[0]!;
    const status = path === "/busy" ? 503 : path === "/missing" ? 404 : 200;
    const answer = path === "/busy" ? busyAnswer : path === "/slow" ? "slow" : "fine";
    const number = served.push({ method: request.method ?? "", path, body, status, answer }) - 1;
    if (path === "/reset") request.socket.destroy();
    if (path === "/reset" || path === "/never") return;
    const delayMs = Number(/delay=(\d+)/u.exec(request.url ?? "")?.[1] ?? 0);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    response.statusCode = status;
    response.setHeader("x-number", number);
    response.setHeader("set-cookie", "sid=cookie-91ab22; Path=/");
    (response as ServerResponse).end(answer);
  };
  const plain = createServer((request, response) => void handle(request, response));
  const secure = createSecureServer(localhostCertificate, (request, response) => {
    void handle(request, response);
  });
  const sessions = new Set<Http2Session>();
  secure.on("session", (session) => sessions.add(session));
  for (const server of [plain, secure]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  t.after(() => {
    plain.closeAllConnections();
    plain.close();
    for (const session of sessions) session.destroy();
    secure.close();
  });
  const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  return {
    http1: `http://127.0.0.1:${portOf(plain)}`,
    http2: `https://127.0.0.1:${portOf(secure)}`,
    served,
  };
}

const script = `
import http from "k6/http";
import exec from "k6/execution";
import secrets from "k6/secrets";
import { group } from "k6";
export const options = {
  insecureSkipTLSVerify: true,
  scenarios: { browse: { executor: "shared-iterations", vus: 6, iterations: 30 } },
};
export function setup() {
  http.get(__ENV.HTTP1 + "/missing", { tags: { name: "in setup" } });
}
export default async function () {
  const number = exec.scenario.iterationInTest;
  const token = await secrets.get("theirs");
  for (const base of [__ENV.HTTP1, __ENV.HTTP2]) {
    const tags = { name: base === __ENV.HTTP1 ? "slow 1" : "slow 2" };
    http.get(base + "/slow?delay=" + ((number * 7) % 30), { tags });
    const body = JSON.stringify({ user: "ann", password: "sent-0c44b7", note: "with " + token, number });
    const headers = { "Content-Type": "application/json", Authorization: "Bearer header-88e1d5" };
    group("login", () => http.post(base + "/busy?otp=query-6a1f9e", body, { headers, tags: { name: "login" } }));
  }
  http.get(__ENV.HTTP1 + "/missing", { responseCallback: http.expectedStatuses(404), tags: { name: "expected" } });
  http.get(__ENV.HTTP1 + "/missing", { responseCallback: null, tags: { name: "not judged" } });
  http.get(__ENV.HTTP1 + "/fine", { responseType: "none", responseCallback: http.expectedStatuses(201), tags: { name: "unread" } });
  if (number % 10 === 0) {
    http.get(__ENV.HTTP1 + "/reset", { tags: { name: "reset" } });
    http.get(__ENV.HTTP1 + "/never", { tags: { name: "never" }, timeout: "150ms" });
    http.get("http://127.0.0.1:1/", { tags: { name: "refused" } });
  }
}
export function teardown() {
  http.get(__ENV.HTTP1 + "/missing", { tags: { name: "in teardown" } });
}
`;

function readRecordText(cwd: string): string {
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  return readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8");
}

interface Finished {
  readonly cwd: string;
  readonly text: string;
  readonly record: RunRecord;
  readonly target: Target;
}

async function run(t: TestContext, more: readonly string[], ran = script): Promise<Finished> {
  const target = await startTarget(t);
  const cwd = scratchFolder(t, { "script.js": ran, "their.secrets": `theirs=${secret}\n` });
  const env = ["-e", `HTTP1=${target.http1}`, "-e", `HTTP2=${target.http2}`];
  const sources = ["--secret-source", "file=their.secrets"];
  const result = await runLakh(["run", "-q", ...env, ...sources, ...more, "script.js"], { cwd });
  assert.equal(result.code, 0, result.stderr);
  const text = readRecordText(cwd);
  return { cwd, text, record: JSON.parse(text) as RunRecord, target };
}

/** Every http_req_duration of the iterations, by the tag `name`: what the file of --out json has. */
function durationsOf(cwd: string): Map<string, number[]> {
  const durations = new Map<string, number[]>();
  for (const line of readFileSync(join(cwd, "samples.json"), "utf8").trim().split("\n")) {
    const { metric, type, data } = JSON.parse(line) as {
      metric: string;
      type: string;
      data: { value: number; tags: Record<string, string> };
    };
    if (metric !== "http_req_duration" || type !== "Point") continue;
    const key = `${data.tags["method"]} ${data.tags["name"]}`;
    durations.set(key, [...(durations.get(key) ?? []), data.value]);
  }
  return durations;
}

function headerOf(exchange: ExchangeRecord, name: string): string | undefined {
  return exchange.response?.headers.find(([each]) => each.toLowerCase() === name)?.[1];
}

function textOf(body: ExchangeRecord["request"]["body"]): string {
  assert.equal(body?.kind, "text");
  return body?.kind === "text" ? body.text : "";
}

for (const workers of [1, 3]) {
  describe(`exchanges in a record, ${workers} workers`, () => {
    it("are what the target was sent and answered, and what the run measured", async (t) => {
      const { cwd, text, record, target } = await run(t, [
        "--workers",
        String(workers),
        "--out",
        "json=samples.json",
      ]);
      const { failures, slowest, furtherFailures } = record.exchanges!;

      // Kinds: as many as the target served, and as http_req_failed counts.
      const kinds = failures.map(({ method, name, status, errorCode, count }) =>
        [count, method, name, status, errorCode].join(" "),
      );
      const servedBusy = target.served.filter(({ path }) => path === "/busy").length;
      assert.equal(servedBusy, 60);
      assert.deepEqual(kinds.sort(), [
        "1 GET in setup 404 1404",
        "1 GET in teardown 404 1404",
        "3 GET never 0 1050",
        "3 GET refused 0 1212",
        "3 GET reset 0 1000",
        "30 GET unread 200 0",
        "60 POST login 503 1503",
      ]);
      assert.equal(furtherFailures, 0);
      const failed = record.metrics.find(({ name }) => name === "http_req_failed")!;
      const told = failures.reduce((sum, { count }) => sum + count, 0);
      assert.equal(told, failed.values["passes"]);

      // Each shown request is one that the target knows, as it was sent and answered.
      for (const exchange of [...slowest, ...failures.flatMap(({ samples }) => samples)]) {
        if (exchange.response === null) continue;
        const known = target.served[Number(headerOf(exchange, "x-number"))]!;
        assert.equal(exchange.method, known.method);
        assert.equal(new URL(exchange.url).pathname, known.path);
        assert.equal(exchange.status, known.status);
        if (known.path !== "/busy") continue;
        const [shown] = textOf(exchange.response.body).split("***");
        assert.equal(shown, known.answer.split("answer-")[0]);
        const number = (JSON.parse(known.body) as { number: number }).number;
        assert.deepEqual(JSON.parse(textOf(exchange.request.body)), {
          user: "ann",
          password: "***",
          note: "with ***SECRET_REDACTED***",
          number,
        });
        assert.equal(exchange.group, "::login");
      }
      const protocols = new Set(slowest.map(({ proto }) => proto).filter((proto) => proto !== ""));
      assert.deepEqual([...protocols].sort(), ["HTTP/1.1", "HTTP/2.0"]);

      // The slowest of each endpoint are the slowest of all that were measured.
      for (const [key, durations] of durationsOf(cwd)) {
        const kept = slowest.filter(({ method, name }) => `${method} ${name}` === key);
        const expected = durations
          .filter((durationMs) => durationMs > 0)
          .sort((a, b) => b - a)
          .slice(0, kept[0]?.phase === "iteration" ? 3 : 1);
        assert.deepEqual(
          kept.map(({ timings }) => timings.durationMs),
          expected.map((durationMs) => Math.round(durationMs * 1_000) / 1_000),
          key,
        );
      }

      const unread = failures.find(({ name }) => name === "unread")!.samples[0]!;
      assert.deepEqual(unread.response!.body, { kind: "not-kept", reason: "discarded" });
      const busy = failures.find(({ name }) => name === "login")!.samples[0]!.response!.body;
      assert.deepEqual(
        { ...busy, text: "" },
        { kind: "text", text: "", shownBytes: 2_048, bytes: busyAnswer.length },
      );
      assert.equal(failures.find(({ name }) => name === "in setup")!.samples[0]!.atMs, null);

      // Nothing secret, by whatever way it came.
      const secrets = "sent-0c44b7 header-88e1d5 query-6a1f9e cookie-91ab22 answer-5d0c1b".split(
        " ",
      );
      for (const each of [secret, ...secrets])
        assert.ok(!text.includes(each), `${each} is in the record`);
      assert.match(text, /Bearer \*\*\* \(13 characters\)/u);
    });
  });
}

describe("exchanges", () => {
  it("are in the report as what failed, most frequent first", async (t) => {
    const { cwd } = await run(t, []);
    const { stdout } = await runLakh(["report", "latest"], { cwd });
    const section = stdout.split("\n\n").find((block) => block.startsWith("Failed requests"))!;
    assert.match(section, /^ +60 x POST login: 503 "upstream unavailable"$/mu);
    assert.match(section, /^ +3 x GET never: request timeout \(error code 1050\)$/mu);
  });

  it("are left out with --no-exchanges, and by the config file", async (t) => {
    const { record } = await run(t, ["--no-exchanges"]);
    assert.ok(!("exchanges" in record));
    const plain = `
      import http from "k6/http";
      export default function () { http.get(__ENV.BASE_URL + "/fine"); }
    `;
    const target = await startTarget(t);
    const cwd = scratchFolder(t, {
      "script.js": plain,
      "lakh.config.json": JSON.stringify({ audience: { dau: 10_000 }, exchanges: false }),
    });
    const flags = ["--warm-up", "1s", "--steady", "2s", "-e", `BASE_URL=${target.http1}`];
    const args = ["run", "-q", "--config-file", "lakh.config.json", ...flags, "script.js"];
    const result = await runLakh(args, { cwd });
    assert.ok(target.served.length > 10, result.stderr);
    assert.ok(!readRecordText(cwd).includes('"exchanges"'), result.stderr);
  });

  it("of redirects are one a hop, each with the time at which it began", async (t) => {
    const server = createServer((request, response) => {
      if (request.url === "/end") {
        response.statusCode = 500;
        setTimeout(() => response.end("broken"), 30);
        return;
      }
      response.writeHead(302, { location: "/end" });
      setTimeout(() => response.end(), 30);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { record } = await run(
      t,
      [],
      `import http from "k6/http"; export default function () { http.get("${url}/begin"); }`,
    );
    const { slowest, failures } = record.exchanges!;
    const [first, second] = [...slowest].sort((a, b) => a.hop - b.hop);
    assert.deepEqual([first!.url, first!.hop, first!.status], [`${url}/begin`, 1, 302]);
    assert.deepEqual([second!.url, second!.hop, second!.status], [`${url}/end`, 2, 500]);
    const firstEndMs = first!.atMs! + first!.timings.blockedMs + first!.timings.durationMs;
    assert.ok(second!.atMs! >= firstEndMs - 0.01, `${second!.atMs} after ${firstEndMs}`);
    assert.deepEqual(
      failures.map(({ name }) => name),
      [`${url}/end`],
    );
  });

  it("are there when the run was interrupted", async (t) => {
    const target = await startTarget(t);
    const endless = `
      import http from "k6/http";
      import { sleep } from "k6";
      export const options = { vus: 1, duration: "5m" };
      export default function () { http.get("${target.http1}/busy"); console.log("asked"); sleep(0.1); }
    `;
    const cwd = scratchFolder(t, { "script.js": endless });
    const child = startLakh(["run", "-q", "script.js"], { cwd });
    const done = finished(child);
    await new Promise<void>((resolve) => {
      child.stderr!.on("data", (text: string) => {
        if (text.includes("asked")) resolve();
      });
    });
    child.kill("SIGINT");
    assert.equal((await done).code, 105);
    const { exchanges } = JSON.parse(readRecordText(cwd)) as RunRecord;
    assert.ok(exchanges!.failures[0]!.count >= 1);
    assert.equal(exchanges!.failures[0]!.samples[0]!.status, 503);
    assert.ok(exchanges!.slowest.length >= 1);
  });

  it("that failed are there when the worker died that sent them", async (t) => {
    const target = await startTarget(t);
    const dying = `
      import http from "k6/http";
      import { sleep } from "k6";
      export const options = { vus: 1, duration: "60s" };
      export default function () {
        http.get("${target.http1}/busy");
        sleep(0.1);
        if (__ITER === 30) Function("return process")().exit(7);
      }
    `;
    const cwd = scratchFolder(t, { "script.js": dying });
    const result = await runLakh(["run", "-q", "script.js"], { cwd });
    assert.equal(result.code, 109, result.stderr);
    const record = JSON.parse(readRecordText(cwd)) as RunRecord;
    const [busy] = record.exchanges!.failures;
    const failed = record.metrics.find(({ name }) => name === "http_req_failed")!;
    assert.equal(busy!.count, failed.values["passes"]);
    assert.equal(busy!.samples[0]!.response!.headers.length > 0, true);
  });
});
