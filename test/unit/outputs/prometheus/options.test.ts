import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LakhError } from "../../../../src/base/errors.ts";
import {
  type PrometheusOptions,
  parsePrometheusOptions,
} from "../../../../src/outputs/prometheus/options.ts";

const parse = (argument: string, env: Record<string, string> = {}): PrometheusOptions =>
  parsePrometheusOptions(argument, { env });

const rw = (settings: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`K6_PROMETHEUS_RW_${name}`, value]),
  );

function refusal(argument: string, env: Record<string, string> = {}): LakhError {
  try {
    parse(argument, env);
  } catch (error) {
    if (error instanceof LakhError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("parsePrometheusOptions", () => {
  it("has k6's defaults, but for trends and stale markers", () => {
    const options = parse("");
    assert.equal(options.url.href, "http://localhost:9090/api/v1/write");
    assert.equal(options.pushIntervalMs, 5_000);
    assert.equal(options.trends, "both");
    assert.equal(options.staleMarkers, true);
    assert.equal(options.schema, 6);
    assert.deepEqual(options.headers, {});
    assert.deepEqual(options.tls, {
      rejectUnauthorized: true,
      minVersion: "TLSv1.3",
      certificate: undefined,
      key: undefined,
    });
    assert.deepEqual(
      options.columns.map(({ suffix }) => suffix),
      ["min", "max", "avg", "med", "p90", "p95", "p99"],
    );
  });

  it("takes the argument before the variable, and that before the server of the house", () => {
    const env = rw({ SERVER_URL: "http://b:1/push" });
    const defaultServer = "http://127.0.0.1:9099";
    const hrefOf = (argument: string, given: Record<string, string>): string =>
      parsePrometheusOptions(argument, { env: given, defaultServer }).url.href;
    assert.equal(hrefOf("http://a:9090", env), "http://a:9090/api/v1/write");
    assert.equal(hrefOf("", env), "http://b:1/push");
    assert.equal(hrefOf("", {}), "http://127.0.0.1:9099/api/v1/write");
  });

  it("takes an address without its scheme, and another path as it is", () => {
    assert.equal(parse("localhost:9090").url.href, "http://localhost:9090/api/v1/write");
    assert.equal(parse("https://m/api/v1/push?x=1").url.href, "https://m/api/v1/push?x=1");
  });

  it("takes user and password out of the URL", () => {
    const { url, headers } = parse("http://ann:p%40ss@h:9090");
    assert.equal(url.href, "http://h:9090/api/v1/write");
    const login = Buffer.from("ann:p@ss").toString("base64");
    assert.deepEqual(headers, { authorization: `Basic ${login}` });
  });

  it("logs in by user and password, or by a token, headers beside them", () => {
    const basic = parse("", rw({ USERNAME: "u", PASSWORD: "p", HTTP_HEADERS: "a:1,B: 2:3" }));
    assert.deepEqual(basic.headers, {
      a: "1",
      b: "2:3",
      authorization: `Basic ${Buffer.from("u:p").toString("base64")}`,
    });
    const bearer = parse("", rw({ BEARER_TOKEN: "t", "HEADERS_X-Scope-OrgID": "team" }));
    assert.deepEqual(bearer.headers, { "x-scope-orgid": "team", authorization: "Bearer t" });
    assert.match(refusal("http://u:p@h", rw({ BEARER_TOKEN: "t" })).message, /both given/u);
  });

  it("lets no header take the place of one that the protocol needs", () => {
    const { headers } = parse("", rw({ HTTP_HEADERS: "Content-Type:text/plain,User-Agent:x" }));
    assert.deepEqual(headers, {});
  });

  it("takes k6's statistics by their names in series", () => {
    const { columns } = parse("", rw({ TREND_STATS: "p(99.9), p(0.95),count,sum,avg" }));
    assert.deepEqual(
      columns.map(({ suffix }) => suffix),
      ["p999", "p095", "count", "sum", "avg"],
    );
  });

  it("takes the other settings", () => {
    const env = rw({
      PUSH_INTERVAL: "1m",
      STALE_MARKERS: "false",
      INSECURE_SKIP_TLS_VERIFY: "1",
      TLS_MINIMUM_VERSION: "1.2",
      CLIENT_CERTIFICATE: "c.pem",
      CLIENT_CERTIFICATE_KEY: "k.pem",
      TREND_AS_NATIVE_HISTOGRAM: "true",
    });
    const options = parse("", { ...env, LAKH_PROMETHEUS_SCHEMA: "3" });
    assert.equal(options.pushIntervalMs, 60_000);
    assert.equal(options.staleMarkers, false);
    assert.equal(options.trends, "native");
    assert.equal(options.schema, 3);
    assert.deepEqual(options.tls, {
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      certificate: "c.pem",
      key: "k.pem",
    });
    assert.equal(parse("", rw({ TREND_AS_NATIVE_HISTOGRAM: "false" })).trends, "gauges");
  });

  const wrongs: Readonly<Record<string, readonly [Record<string, string>, RegExp]>> = {
    "an interval that is none": [rw({ PUSH_INTERVAL: "soon" }), /PUSH_INTERVAL is "soon"/u],
    "an interval of nothing": [rw({ PUSH_INTERVAL: "0s" }), /PUSH_INTERVAL/u],
    "a statistic that is none": [rw({ TREND_STATS: "p95" }), /invalid trend stat 'p95'/u],
    "two statistics of one name": [rw({ TREND_STATS: "p(9.5),p(95)" }), /one series/u],
    "a TLS version that is none": [rw({ TLS_MINIMUM_VERSION: "2" }), /TLS_MINIMUM_VERSION is "2"/u],
    "a flag that is none": [rw({ STALE_MARKERS: "maybe" }), /STALE_MARKERS is "maybe"/u],
    "a header without a colon": [rw({ HTTP_HEADERS: "abc" }), /without a colon/u],
    "a schema that Prometheus has not": [{ LAKH_PROMETHEUS_SCHEMA: "9" }, /SCHEMA is "9"/u],
    "a signature for AWS": [rw({ SIGV4_REGION: "eu-west-1" }), /SIGV4_REGION .* cannot do/u],
  };
  for (const [what, [env, message]] of Object.entries(wrongs)) {
    it(`refuses ${what}`, () => {
      const error = refusal("", env);
      assert.equal(error.code, "OUTPUT_ARGUMENT");
      assert.match(error.message, message);
      assert.ok(error.hint !== undefined);
    });
  }

  it("shows no password in what it refuses", () => {
    for (const error of [
      refusal("ftp://u:geheim@h"),
      refusal("http://u:geheim@:x"),
      refusal("", rw({ "HEADERS_X-Key": "geheim\nx" })),
    ])
      assert.ok(!`${error.message} ${error.hint}`.includes("geheim"), error.message);
  });
});
