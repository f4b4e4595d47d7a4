import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  judgeAnswer,
  judgeFailure,
  type Verdict,
} from "../../../../src/outputs/prometheus/answers.ts";
import type { WireVersion } from "../../../../src/outputs/prometheus/wire.ts";

const nowMs = Date.parse("2026-08-01T10:00:00Z");

function judge(
  status: number,
  given: { text?: string; headers?: Record<string, string>; version?: WireVersion } = {},
): Verdict {
  const { text = "", headers = {}, version = 1 } = given;
  return judgeAnswer({ status, headers, text, body: Buffer.from(text) }, { version, nowMs });
}

/** "kind: reason hint" */
const told = (verdict: Verdict): string =>
  `${verdict.kind}: ${"reason" in verdict ? verdict.reason : ""} ${"hint" in verdict ? verdict.hint : ""}`;

describe("judgeAnswer", () => {
  it("takes any 2xx for stored, in 2.0 only when it says what was written", () => {
    assert.equal(judge(204).kind, "stored");
    assert.equal(judge(200).kind, "stored");
    assert.equal(judge(204, { version: 2 }).kind, "not-understood");
    const headers = { "x-prometheus-remote-write-samples-written": "0" };
    assert.equal(judge(204, { version: 2, headers }).kind, "stored");
    assert.equal(judge(415, { version: 2 }).kind, "not-understood");
  });

  it("takes a web page for no receiver", () => {
    const verdict = judge(200, { text: "<html>", headers: { "content-type": "text/html" } });
    assert.match(told(verdict), /^closed: .*web page.*--out prometheus=/u);
  });

  it("says what to do about what will never work", () => {
    const flag =
      "remote write receiver needs to be enabled with --web.enable-remote-write-receiver";
    assert.match(told(judge(404, { text: flag })), /^closed: it answered 404: .*--web\.enable/u);
    assert.match(told(judge(404, { text: "404 page not found" })), /another receiver/u);
    assert.match(told(judge(401, { text: "Unauthorized\n" })), /^closed: .*K6_PROMETHEUS_RW_USER/u);
    assert.match(told(judge(403)), /^closed: it answered 403 .*may not write/u);
    assert.match(told(judge(405)), /^closed: .*whole URL/u);
    assert.match(
      told(judge(302, { headers: { location: "https://h/login" } })),
      /^closed: .*https:\/\/h\/login/u,
    );
  });

  it("comes back to who is busy or broken, when they say", () => {
    assert.equal(judge(503).kind, "later");
    assert.equal(judge(429).kind, "later");
    const after = (text: string): number | undefined => {
      const verdict = judge(429, { headers: { "retry-after": text } });
      return verdict.kind === "later" ? verdict.retryAfterMs : Number.NaN;
    };
    assert.equal(after("7"), 7_000);
    assert.equal(after("Sat, 01 Aug 2026 10:00:09 GMT"), 9_000);
    assert.equal(after("86400"), 60_000);
    assert.equal(after("never"), undefined);
  });

  it("knows Prometheus' words for native histograms that are off", () => {
    assert.equal(judge(500, { text: "native histograms are disabled\n" }).kind, "no-histograms");
  });

  it("tells what is wrong with a request, in a line that fits", () => {
    const verdict = judge(400, { text: `out of order sample\n${"x".repeat(5_000)}` });
    assert.equal(told(verdict), "bad: it answered 400: out of order sample ");
    assert.ok(told(judge(400, { text: "y".repeat(5_000) })).length < 300);
    assert.equal(judge(413).kind, "too-large");
  });
});

describe("judgeFailure", () => {
  const failure = (code: string, message = code): string =>
    told(judgeFailure(Object.assign(new Error(message), { code })));

  it("waits for who is not there", () => {
    assert.match(failure("ECONNREFUSED"), /^later: nothing listens there/u);
    assert.match(failure("ENOTFOUND", "getaddrinfo ENOTFOUND h"), /^later: getaddrinfo/u);
    assert.match(failure("", "no answer within 5 s"), /^later: no answer within 5 s/u);
  });

  it("says what to do about a certificate, TLS, and what is no HTTP", () => {
    assert.match(failure("DEPTH_ZERO_SELF_SIGNED_CERT"), /^closed: .*NODE_EXTRA_CA_CERTS/u);
    assert.match(failure("EPROTO"), /^closed: .*TLS_MINIMUM_VERSION=1\.2/u);
    assert.match(failure("HPE_INVALID_CONSTANT"), /^closed: .*does not speak HTTP/u);
  });
});
