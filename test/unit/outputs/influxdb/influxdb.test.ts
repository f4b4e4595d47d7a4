import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { openOutputs } from "../../../../src/outputs/index.ts";
import { localhostCertificate } from "../../../support/http-certificates.ts";
import {
  type InfluxApi,
  type InfluxApiParts,
  startInfluxApi,
} from "../../../support/influx-api.ts";
import { outputBench } from "../../../support/outputs.ts";

const two = { token: "t0ken", organization: "my org", bucket: "b&c" };
const twoEnv = {
  K6_INFLUXDB_TOKEN: two.token,
  K6_INFLUXDB_ORGANIZATION: two.organization,
  K6_INFLUXDB_BUCKET: two.bucket,
};

interface Run {
  readonly api: InfluxApi;
  readonly lines: readonly string[];
}

/** A run of a few samples. */
async function run(
  t: TestContext,
  parts: InfluxApiParts,
  { env = {}, path = "/load" }: { env?: Readonly<Record<string, string>>; path?: string } = {},
): Promise<Run> {
  const api = await startInfluxApi(t, parts);
  const bench = outputBench({ env, stopGraceMs: 300 });
  const outputs = await openOutputs([`influxdb=${api.url}${path}`], bench.context);
  bench.log(outputs, ({ add }) => {
    for (let n = 0; n < 5; n++) add("iterations", 1);
  });
  await outputs.stop();
  return { api, lines: bench.lines.map((line) => line.replaceAll(api.url, "URL")) };
}

/** Answers writes; everything else is left to the API. */
const writesWith =
  (answer: (response: ServerResponse, nth: number) => void, nth = { value: 0 }) =>
  (request: { url?: string | undefined }, response: ServerResponse): boolean => {
    if (!/write/u.test(request.url ?? "")) return false;
    answer(response, nth.value++);
    return true;
  };

const status = (code: number, body = "", headers: Record<string, string> = {}) =>
  writesWith((response) => response.writeHead(code, headers).end(body));

describe("--out influxdb", () => {
  it("creates the database of version 1, then writes to it", async (t) => {
    const { api, lines } = await run(
      t,
      {},
      {
        env: {
          K6_INFLUXDB_RETENTION: "one week",
          K6_INFLUXDB_CONSISTENCY: "all",
        },
      },
    );
    assert.deepEqual(api.requests, [
      "POST /query",
      "POST /write?db=load&rp=one+week&consistency=all",
    ]);
    assert.equal(api.sum("iterations"), 5);
    assert.deepEqual(lines, []);
  });

  it("writes to version 2 with a token, organization and bucket", async (t) => {
    const { api, lines } = await run(t, two, { env: twoEnv, path: "" });
    assert.deepEqual(api.requests, ["POST /api/v2/write?org=my+org&bucket=b%26c&precision=ns"]);
    assert.equal(api.sum("iterations"), 5);
    assert.deepEqual(lines, []);
  });

  it("warns that a coarser precision makes InfluxDB lose samples", async (t) => {
    const { api, lines } = await run(t, {}, { env: { K6_INFLUXDB_PRECISION: "us" } });
    assert.deepEqual(api.requests, ["POST /query", "POST /write?db=load&precision=u"]);
    assert.equal(lines.length, 1);
    assert.match(
      lines[0]!,
      /^warning output InfluxDBv1 \(URL\): with precision us InfluxDB keeps one sample/u,
    );
  });

  it("writes although it may not create a database", async (t) => {
    const { api, lines } = await run(t, {
      instead: ({ url }, response) => {
        if (url !== "/query") return false;
        response.writeHead(403).end('{"error":"not authorized"}');
        return true;
      },
    });
    assert.equal(api.sum("iterations"), 5);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith("debug ")),
      [],
    );
  });

  it("tries again what the database could not take at that moment, and says so once", async (t) => {
    const { api, lines } = await run(t, {
      instead: writesWith((response, nth) => {
        if (nth < 3) response.writeHead(503).end('{"error":"timeout"}');
        else response.writeHead(204).end();
      }),
    });
    assert.equal(api.requests.filter((each) => each.startsWith("POST /write")).length, 4);
    assert.deepEqual(lines, [
      "warning output InfluxDBv1 (URL): it answered 503: timeout; it is tried again, the run goes on",
      "info output InfluxDBv1 (URL): takes samples again",
    ]);
  });

  it("says in words why a database takes nothing, and what to do", async (t) => {
    const cases: readonly (readonly [InfluxApiParts, RegExp, Readonly<Record<string, string>>?])[] =
      [
        [
          { instead: status(401, '{"error":"authorization failed"}') },
          /401: authorization failed; nothing .* K6_INFLUXDB_USERNAME/u,
        ],
        [
          { instead: status(404, '{"error":"database not found: \\"load\\""}') },
          /404: database not found: "load"; nothing .* Create the database "load"/u,
        ],
        [
          { instead: status(302, "", { location: "/login" }) },
          /302: it leads to \/login; nothing .* Is that an InfluxDB\?/u,
        ],
        [
          { instead: status(200, "<html>Welcome to nginx</html>") },
          /200: <html>Welcome to nginx<\/html>; nothing .* Is that an InfluxDB\?/u,
        ],
        [
          { ...two, token: "other" },
          /401: unauthorized access; nothing .* K6_INFLUXDB_TOKEN/u,
          twoEnv,
        ],
        [
          { ...two, bucket: "other" },
          /404: bucket "b&c" not found; nothing .* bucket "b&c" exists/u,
          twoEnv,
        ],
      ];
    for (const [parts, reason, env = {}] of cases) {
      const { lines } = await run(t, parts, { env, path: "token" in parts ? "" : "/load" });
      assert.equal(lines.length, 2, lines.join("\n"));
      assert.match(lines[0]!, reason);
      assert.match(lines[1]!, /^error .*: 5 samples did not arrive: it answered \d+/u);
    }
  });

  it("counts what a partial write dropped, and no more", async (t) => {
    const body = JSON.stringify({
      error:
        'partial write: field type conflict: input field "vu" on measurement "iterations" is type string dropped=2',
    });
    const { lines } = await run(t, { instead: status(400, body) });
    assert.match(lines.at(-1)!, /: 2 samples did not arrive: it answered 400: partial write/u);
    const whole = await run(t, { instead: status(400, '{"error":"unable to parse"}') });
    assert.match(
      whole.lines.at(-1)!,
      /: 5 samples did not arrive: it answered 400: unable to parse/u,
    );
  });

  it("shows a stranger's text on one line, without control characters, and not all of it", async (t) => {
    const { lines } = await run(t, {
      instead: status(500, `\u001b[31mred\r\nand ${"long ".repeat(200)}\u202e`),
    });
    assert.match(lines[0]!, /it answered 500: \[31mred and long long/u);
    for (const line of lines) {
      assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
      assert.ok(line.length < 400);
    }
  });

  it("sends name and password of the address, and shows neither", async (t) => {
    const seen: (string | undefined)[] = [];
    const api = await startInfluxApi(t, {
      instead: ({ headers }) => {
        seen.push(headers.authorization);
        return false;
      },
    });
    const bench = outputBench();
    const request = `influxdb=${api.url.replace("//", "//me:p%40ss@")}/load`;
    const outputs = await openOutputs([request], bench.context);
    bench.log(outputs, ({ add }) => add("iterations", 1));
    await outputs.stop();
    const login = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;
    assert.deepEqual(seen, [login, login]);
    assert.deepEqual(outputs.descriptions, [`InfluxDBv1 (${api.url})`]);
  });

  it("trusts a certificate of its own making only when told to", async (t) => {
    const server = createServer(
      { cert: localhostCertificate.cert, key: localhostCertificate.key },
      (request, response) => {
        request.resume();
        response.writeHead(request.url === "/query" ? 200 : 204).end();
      },
    );
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/load`;
    const linesWith = async (env: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const bench = outputBench({ env, stopGraceMs: 200 });
      const outputs = await openOutputs([`influxdb=${url}`], bench.context);
      bench.log(outputs, ({ add }) => add("iterations", 1));
      await outputs.stop();
      return bench.lines;
    };
    assert.match((await linesWith({})).at(-1)!, /1 samples did not arrive: .*certificate/u);
    assert.deepEqual(await linesWith({ K6_INFLUXDB_INSECURE: "true" }), []);
  });

  it("keeps batches far below what the database takes, however long the tags", async (t) => {
    const sizes: number[] = [];
    const api = await startInfluxApi(t, {
      instead: ({ headers }) => {
        sizes.push(Number(headers["content-length"]));
        return false;
      },
    });
    const bench = outputBench();
    const outputs = await openOutputs([`influxdb=${api.url}/load`], bench.context);
    bench.log(outputs, ({ add }) => {
      for (let n = 0; n < 600; n++) add("iterations", 1, { long: `${n}${"x".repeat(15_000)}` });
    });
    await outputs.stop();
    assert.equal(api.sum("iterations"), 600);
    assert.ok(sizes.length > 2);
    assert.ok(
      sizes.every((bytes) => bytes < 6_000_000),
      sizes.join(" "),
    );
  });
});
