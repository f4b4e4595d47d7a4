/** Single requests on the page: what was sent and got, and what is not shown of it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExchangeRecord, ExchangesRecord } from "../../../../src/record/index.ts";
import { exchangesPart } from "../../../../src/report/html/exchanges-part.ts";
import { keptExchange } from "../../../support/exchange.ts";
import { healthyRecord } from "../../../support/record.ts";

const partOf = (
  exchanges: Partial<ExchangesRecord>,
): NonNullable<ReturnType<typeof exchangesPart>> =>
  exchangesPart(
    healthyRecord({ exchanges: { slowest: [], failures: [], furtherFailures: 0, ...exchanges } }),
  )!;
const slowest = (changes: Partial<ExchangeRecord>): ReturnType<typeof partOf>["slowest"][number] =>
  partOf({ slowest: [keptExchange(changes)] }).slowest[0]!;

describe("exchangesPart", () => {
  it("is nothing where a record keeps none", () => {
    assert.equal(exchangesPart(healthyRecord()), null);
  });

  it("shows the lines of the wire and the bodies", () => {
    const { title, request, response, timings } = slowest({});
    assert.equal(title, "POST /login, 503, 12.5 ms");
    assert.equal(request.head, "POST http://127.0.0.1:4000/login\nContent-Type: application/json");
    assert.equal(request.body, '{"user":"ann"}');
    assert.equal(response?.head, "HTTP/1.1 503\nContent-Type: text/plain");
    assert.equal(response?.body, "upstream unavailable");
    assert.deepEqual(
      timings.map(({ label }) => label),
      ["blocked", "sending", "waiting", "receiving"],
    );
  });

  it("says what is not shown of headers and bodies", () => {
    const noteOf = (body: NonNullable<ExchangeRecord["response"]>["body"]): string | undefined =>
      slowest({ response: { headers: [], furtherHeaders: 7, body } }).response?.bodyNote;
    assert.equal(
      noteOf({ kind: "text", text: "a", shownBytes: 1_000, bytes: 9_000 }),
      "the first 1.0 kB of 9.0 kB",
    );
    assert.equal(noteOf({ kind: "binary", bytes: 2_000 }), "2.0 kB that are no text");
    assert.match(noteOf({ kind: "not-kept", reason: "no-room" })!, /no room/u);
    assert.equal(noteOf(null), "");
    assert.match(
      slowest({ response: { headers: [], furtherHeaders: 7, body: null } }).response!.head,
      /\(7 more headers\)/u,
    );
  });

  it("says so when no answer came, with k6's error code", () => {
    const { title, response, tone } = slowest({
      status: 0,
      errorCode: 1_211,
      error: "dial: timeout",
      response: null,
    });
    assert.equal(title, "POST /login, dial: timeout (error code 1211), 12.5 ms");
    assert.equal(response, null);
    assert.equal(tone, "bad");
  });

  it("counts the failures that it does not show", () => {
    const failures = Array.from({ length: 35 }, (_, index) => ({
      method: "GET",
      name: `/${index}`,
      status: 500,
      errorCode: 1_500,
      error: "",
      count: 10,
      samples: [],
    }));
    const part = partOf({ failures, furtherFailures: 3 });
    assert.equal(part.failures.length, 30);
    assert.equal(part.furtherFailures, 53);
  });
});
