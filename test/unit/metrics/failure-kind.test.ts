/** Kinds of failures, by the tags that k6 gives their samples. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { failureKind } from "../../../src/metrics/index.ts";

describe("failureKind", () => {
  it("is the status of an answer", () => {
    assert.equal(failureKind({ status: "503", error_code: "1503" }), "HTTP 503");
    assert.equal(failureKind({ status: "404" }), "HTTP 404");
  });

  it("is what went wrong where there is none", () => {
    const timeout = { status: "0", error: "request timeout", error_code: "1050" };
    assert.equal(failureKind(timeout), "request timeout (1050)");
    assert.equal(failureKind({ status: "0", error_code: "1211" }), "error 1211");
  });

  it("is the error of an answer that broke off, not its status", () => {
    const broken = { status: "200", error: "connection reset by peer", error_code: "1220" };
    assert.equal(failureKind(broken), "connection reset by peer (1220)");
  });

  it("is one for all where the script keeps the tags from being", () => {
    assert.equal(failureKind({}), "failed requests");
    assert.equal(failureKind({ error: "EOF" }), "EOF");
  });
});
