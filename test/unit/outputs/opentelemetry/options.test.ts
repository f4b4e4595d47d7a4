import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { LakhError } from "../../../../src/base/errors.ts";
import {
  type OpenTelemetryOptions,
  parseOpenTelemetryOptions,
} from "../../../../src/outputs/opentelemetry/options.ts";

type Env = Readonly<Record<string, string>>;

function parse(argument: string, env: Env = {}): OpenTelemetryOptions {
  const surroundings = { env, run: { lakhVersion: "1.2.3" }, resolvePath: (path: string) => path };
  return parseOpenTelemetryOptions(argument, surroundings);
}

function refusal(argument: string, env: Env = {}): LakhError {
  try {
    parse(argument, env);
  } catch (error) {
    if (error instanceof LakhError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

const http = { K6_OTEL_EXPORTER_PROTOCOL: "http/protobuf" };

describe("where the opentelemetry output sends to", () => {
  const rows: readonly (readonly [argument: string, env: Env, protocol: string, url: string])[] = [
    // k6's defaults: gRPC with TLS.
    ["", {}, "grpc", "https://localhost:4317/"],
    ["", { K6_OTEL_GRPC_EXPORTER_INSECURE: "true" }, "grpc", "http://localhost:4317/"],
    ["", { K6_OTEL_GRPC_EXPORTER_ENDPOINT: "otel:1234" }, "grpc", "https://otel:1234/"],
    ["", http, "http/protobuf", "https://localhost:4318/v1/metrics"],
    ["", { K6_OTEL_EXPORTER_TYPE: "http" }, "http/protobuf", "https://localhost:4318/v1/metrics"],
    [
      "",
      { ...http, K6_OTEL_HTTP_EXPORTER_INSECURE: "1", K6_OTEL_HTTP_EXPORTER_ENDPOINT: "otel:80" },
      "http/protobuf",
      "http://otel/v1/metrics",
    ],
    [
      "",
      { ...http, K6_OTEL_HTTP_EXPORTER_URL_PATH: "/api/v1/otlp/v1/metrics" },
      "http/protobuf",
      "https://localhost:4318/api/v1/otlp/v1/metrics",
    ],
    // The SDKs' variables: the scheme decides about TLS, k6's own come first.
    ["", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4317" }, "grpc", "http://c:4317/"],
    [
      "",
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318/",
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      },
      "http/protobuf",
      "http://c:4318/v1/metrics",
    ],
    [
      "",
      { ...http, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "https://c/own/path" },
      "http/protobuf",
      "https://c/own/path",
    ],
    [
      "",
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:1", K6_OTEL_GRPC_EXPORTER_ENDPOINT: "k:2" },
      "grpc",
      "https://k:2/",
    ],
    // The argument: its scheme says it all.
    ["http://h:4318", {}, "http/protobuf", "http://h:4318/v1/metrics"],
    ["https://h/otlp/", {}, "http/protobuf", "https://h/otlp/v1/metrics"],
    ["https://h/otlp/v1/metrics", {}, "http/protobuf", "https://h/otlp/v1/metrics"],
    ["http://h:4317", { K6_OTEL_EXPORTER_PROTOCOL: "grpc" }, "grpc", "http://h:4317/"],
    ["grpc://h", {}, "grpc", "http://h:4317/"],
    ["grpc://h:80", {}, "grpc", "http://h/"],
    ["grpcs://h:9", { K6_OTEL_GRPC_EXPORTER_ENDPOINT: "other:1" }, "grpc", "https://h:9/"],
    ["grpc://[::1]:4317", {}, "grpc", "http://[::1]:4317/"],
  ];
  for (const [argument, env, protocol, url] of rows) {
    it(`is ${protocol} ${url} for "${argument}" and ${JSON.stringify(env)}`, () => {
      const options = parse(argument, env);
      assert.deepEqual([options.protocol, options.url.href], [protocol, url]);
    });
  }

  it("says what is wrong, and how to write it", () => {
    assert.match(refusal("h:4318").message, /--out opentelemetry names no address/u);
    assert.match(refusal("h:4318").hint ?? "", /http:\/\/host:4318/u);
    assert.equal(refusal("ftp://h").code, "OUTPUT_ARGUMENT");
    assert.match(refusal("grpc://h", http).message, /is gRPC/u);
    const json = refusal("", { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" });
    assert.match(json.message, /unsupported exporter protocol "http\/json"/u);
    assert.match(json.hint ?? "", /OTEL_EXPORTER_OTLP_PROTOCOL/u);
    assert.equal(json.exitCode, 104);
    assert.match(
      refusal("", { K6_OTEL_GRPC_EXPORTER_INSECURE: "yes" }).message,
      /K6_OTEL_GRPC_EXPORTER_INSECURE is "yes"/u,
    );
  });

  it("never shows a password", () => {
    const options = parse("https://me:s%20ecret@h/");
    assert.equal(options.url.href, "https://h/v1/metrics");
    assert.equal(
      options.headers["authorization"],
      `Basic ${Buffer.from("me:s ecret").toString("base64")}`,
    );
    const { message, hint } = refusal("grpc://me:secret@h", http);
    assert.doesNotMatch(`${message} ${hint}`, /secret/u);
    assert.doesNotMatch(refusal("", { K6_OTEL_HEADERS: "secret" }).message, /secret/u);
  });
});

describe("what else the opentelemetry output is told", () => {
  it("is k6's default for everything, but exponential histograms", () => {
    const {
      headers,
      timeoutMs,
      exportIntervalMs,
      metricPrefix,
      histograms,
      resource,
      isCompressed,
    } = parse("");
    assert.deepEqual(
      { headers, timeoutMs, exportIntervalMs, metricPrefix, histograms, isCompressed },
      {
        headers: {},
        timeoutMs: 10_000,
        exportIntervalMs: 10_000,
        metricPrefix: "",
        histograms: "exponential",
        isCompressed: false,
      },
    );
    assert.deepEqual(resource, { "service.name": "k6", "service.version": "1.2.3" });
  });

  it("comes from k6's variables before those of the SDKs", () => {
    const options = parse("", {
      K6_OTEL_METRIC_PREFIX: "k6_",
      K6_OTEL_EXPORT_INTERVAL: "2s",
      OTEL_METRIC_EXPORT_INTERVAL: "7000",
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: "1500",
      OTEL_EXPORTER_OTLP_TIMEOUT: "2500",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_SERVICE_NAME: "sdk",
      K6_OTEL_SERVICE_NAME: "checkout load",
      OTEL_RESOURCE_ATTRIBUTES: "service.name=no,deployment.environment=a%2Cb",
      OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: "EXPLICIT_BUCKET_HISTOGRAM",
    });
    assert.equal(options.metricPrefix, "k6_");
    assert.equal(options.exportIntervalMs, 2_000);
    assert.equal(options.timeoutMs, 1_500);
    assert.equal(options.isCompressed, true);
    assert.equal(options.histograms, "explicit");
    assert.deepEqual(options.resource, {
      "deployment.environment": "a,b",
      "service.name": "checkout load",
      "service.version": "1.2.3",
    });
  });

  it("has headers percent-decoded, by names in lower case, k6's instead of the SDKs'", () => {
    const env = {
      OTEL_EXPORTER_OTLP_HEADERS: "a=1",
      K6_OTEL_HEADERS: "X-One=1=2, Authorization=Bearer%20t",
    };
    assert.deepEqual(parse("", env).headers, { "x-one": "1=2", authorization: "Bearer t" });
    const bad = refusal("", { K6_OTEL_HEADERS: "a b=1" });
    assert.match(bad.message, /K6_OTEL_HEADERS has "a b", which cannot be sent/u);
  });

  it("has user and password of its own for HTTP, which a header of that name wins over", () => {
    const env = {
      ...http,
      K6_OTEL_HTTP_EXPORTER_USERNAME: "u",
      K6_OTEL_HTTP_EXPORTER_PASSWORD: "p",
    };
    assert.equal(parse("", env).headers["authorization"], "Basic dTpw");
    const { headers } = parse("", { ...env, K6_OTEL_HEADERS: "authorization=mine" });
    assert.equal(headers["authorization"], "mine");
    assert.deepEqual(parse("grpc://h", { ...env, K6_OTEL_EXPORTER_PROTOCOL: "grpc" }).headers, {});
  });

  it("reads certificates when there is TLS, and says which file it cannot read", (t) => {
    const folder = mkdtempSync(join(tmpdir(), "lakh-otel-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "ca.pem");
    writeFileSync(path, "PEM");
    const env = { K6_OTEL_TLS_CERTIFICATE: path, K6_OTEL_TLS_INSECURE_SKIP_VERIFY: "true" };
    const { tls } = parse("https://h", env);
    assert.equal(String(tls.ca), "PEM");
    assert.equal(tls.rejectUnauthorized, false);
    assert.equal(tls.minVersion, "TLSv1.3");
    assert.deepEqual(parse("http://h", env).tls, {});
    const missing = refusal("https://h", { K6_OTEL_TLS_CLIENT_KEY: "/nowhere/key.pem" });
    assert.match(
      missing.message,
      /K6_OTEL_TLS_CLIENT_KEY: \/nowhere\/key\.pem: no such file or directory/u,
    );
  });

  it("names the variable whose value cannot be read", () => {
    for (const [name, value] of [
      ["K6_OTEL_EXPORT_INTERVAL", "soon"],
      ["K6_OTEL_EXPORT_INTERVAL", "0"],
      ["K6_OTEL_FLUSH_INTERVAL", "x"],
      ["OTEL_METRIC_EXPORT_INTERVAL", "1s"],
      ["OTEL_EXPORTER_OTLP_TIMEOUT", "-1"],
      ["OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"],
      ["OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "summary"],
    ] as const) {
      const { code, message } = refusal("", { [name]: value });
      assert.equal(code, "OUTPUT_ARGUMENT");
      assert.ok(message.includes(name), message);
    }
  });
});
