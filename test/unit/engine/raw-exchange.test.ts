/** What is kept of an exchange: copied, bounded, cut where it says so, and masked. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cutMark, exchangeLimits, type KeptExchange } from "../../../src/engine/kept-exchange.ts";
import { copyExchange, toKept } from "../../../src/engine/worker/raw-exchange.ts";
import { createExchange, type Exchange, type HttpRequest } from "../../../src/http/index.ts";
import type { OfferedExchange } from "../../../src/k6/index.ts";
import { TestVu } from "../../support/k6-vu.ts";

function keep(
  changes: Partial<OfferedExchange> = {},
  more: Partial<Exchange> = {},
  request: Partial<HttpRequest> = {},
): KeptExchange {
  const vu = new TestVu();
  const sent = { method: "POST", url: "http://h/login", headers: [], timeoutMs: 1, ...request };
  const exchange = Object.assign(createExchange(sent.method, sent.url, sent), {
    status: 200,
    proto: "HTTP/1.1",
    remoteIp: "127.0.0.1",
    remotePort: 80,
    ...more,
  });
  const offered: OfferedExchange = {
    exchange,
    name: "login",
    errorCode: 0,
    tags: vu.tags.with("group", "::a"),
    requestBody: undefined,
    responseBody: undefined,
    isBodyDiscarded: false,
    hop: 1,
    endedAgoMs: 0,
    failure: undefined,
    ...changes,
  };
  const moment = { atMs: 10.000_4, dueAtMs: null, phase: "iteration", isSteady: true } as const;
  return toKept(copyExchange(vu, offered, moment));
}

describe("a kept exchange", () => {
  it("says whose it was and when", () => {
    const { scenario, vu, iteration, group, name, method, remote, atMs } = keep();
    assert.deepEqual(
      { scenario, vu, iteration, group, name, method, remote, atMs },
      {
        scenario: "browse",
        vu: 13,
        iteration: 5,
        group: "::a",
        name: "login",
        method: "POST",
        remote: "127.0.0.1:80",
        atMs: 10,
      },
    );
  });

  it("holds the first 2 KB of a body, and says how long it was", () => {
    const text = "x".repeat(10_240);
    const expected = { kind: "text", text: "x".repeat(2_048), shownBytes: 2_048, bytes: 10_240 };
    const { request, response } = keep({ requestBody: text, responseBody: Buffer.from(text) });
    assert.deepEqual(request.body, expected);
    assert.deepEqual(response!.body, expected);
  });

  it("cuts no character in two, and counts bytes", () => {
    const text = `a${"ö".repeat(3_000)}`;
    const expected = `a${"ö".repeat(1_023)}`;
    for (const body of [text, Buffer.from(text)]) {
      const { request } = keep({ requestBody: body });
      assert.deepEqual(request.body, {
        kind: "text",
        text: expected,
        shownBytes: 2_048,
        bytes: 6_001,
      });
    }
  });

  it("does not hold on to the bodies themselves, which are overwritten", () => {
    const bytes = Buffer.from("first");
    const vu = new TestVu();
    const exchange = Object.assign(createExchange("GET", "http://h/"), { status: 200 });
    const raw = copyExchange(
      vu,
      {
        exchange,
        name: "x",
        errorCode: 0,
        tags: vu.tags,
        requestBody: undefined,
        responseBody: bytes,
        isBodyDiscarded: false,
        hop: 1,
        endedAgoMs: 0,
        failure: undefined,
      },
      { atMs: 0, dueAtMs: null, phase: "iteration", isSteady: false },
    );
    bytes.fill("z");
    exchange.timings.duration = 99;
    const { response, timings } = toKept(raw);
    assert.equal(response!.body?.kind === "text" && response!.body.text, "first");
    assert.equal(timings.durationMs, 0);
  });

  it("shows what is no text as bytes, and what was not read as such", () => {
    const binary = Buffer.from([0x1f, 0x8b, 0, 1, 2]);
    assert.deepEqual(keep({ responseBody: binary }).response!.body, { kind: "binary", bytes: 5 });
    const nul = Buffer.from("a\u0000b");
    assert.deepEqual(keep({ responseBody: nul }).response!.body, { kind: "binary", bytes: 3 });
    assert.deepEqual(keep({ isBodyDiscarded: true }).response!.body, {
      kind: "not-kept",
      reason: "discarded",
    });
    assert.equal(keep().response!.body, null);
    assert.equal(keep({ responseBody: Buffer.alloc(0) }).response!.body, null);
  });

  it("has no response where none came", () => {
    const failure = { code: 1_050, message: "request timeout", generatorFault: undefined };
    const { response, error, status } = keep({ errorCode: 1_050 }, { status: 0, failure });
    assert.deepEqual(
      { response, error, status },
      { response: null, error: "request timeout", status: 0 },
    );
  });

  it("bounds header fields: how many, and how long", () => {
    const headers = Array.from({ length: 100 }, (_, n) => [`X-${n}`, "y".repeat(3_000)] as const);
    const { response } = keep({}, { headers });
    assert.equal(response!.headers.length, exchangeLimits.headerFields);
    assert.equal(response!.furtherHeaders, 100 - exchangeLimits.headerFields);
    for (const [, value] of response!.headers)
      assert.equal(value, "y".repeat(exchangeLimits.headerCharacters) + cutMark);
  });

  it("bounds URL, name and error, and shows that they were cut", () => {
    const failure = { code: 1_000, message: "e".repeat(9_999), generatorFault: undefined };
    const url = `http://h/?q=${"q".repeat(99_999)}`;
    const kept = keep({ name: "n".repeat(9_999) }, { failure }, { url });
    assert.equal(kept.url.length, exchangeLimits.urlCharacters + 1);
    assert.equal(kept.error.length, exchangeLimits.errorCharacters + 1);
    assert.equal(kept.name.length, exchangeLimits.nameCharacters + 1);
    for (const text of [kept.url, kept.error, kept.name]) assert.ok(text.endsWith(cutMark));
    const short = keep({}, {}, { url: `http://h/?token=${"q".repeat(99_999)}` });
    assert.equal(short.url, `http://h/?token=***${cutMark}`);
  });

  it("masks headers, URL and bodies", () => {
    const headers = [
      ["Authorization", "Bearer hunter2hunter2"],
      ["Cookie", "sid=hunter2; theme=dark"],
      ["Accept", "*/*"],
    ] as const;
    const kept = keep(
      {
        requestBody: '{"a":{"password":"hunter2"}}',
        responseBody: Buffer.from('{"access_token":"hunter2'),
      },
      { headers: [["Set-Cookie", "sid=hunter2; HttpOnly"]] },
      { headers, url: "http://ann:hunter2@h/?otp=hunter2&page=2" },
    );
    assert.ok(!JSON.stringify(kept).includes("hunter2"), JSON.stringify(kept));
    assert.equal(kept.url, "http://***@h/?otp=***&page=2");
    assert.deepEqual(kept.request.headers, [
      ["Authorization", "Bearer *** (14 characters)"],
      ["Cookie", "sid=***; theme=***"],
      ["Accept", "*/*"],
    ]);
  });
});
