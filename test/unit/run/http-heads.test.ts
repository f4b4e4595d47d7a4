import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Logger } from "../../../src/base/log.ts";
import { HeadReader } from "../../../src/run/http-heads.ts";

function reader(): { heads: HeadReader; logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const heads = new HeadReader();
  const under: Logger = { log: (_level, message) => lines.push(message) };
  return { heads, logger: heads.wrap(under, () => false), lines };
}

let count = 0;
/** One exchange as the log has it. */
function exchange(
  logger: Logger,
  request: string[],
  response: string[],
  scenario = "default",
): void {
  const fields = { source: "http-debug", request_id: String(count++), scenario };
  logger.log("info", `Request:\nGET /a?token=secret HTTP/1.1\n${request.join("\n")}\n\n`, fields);
  logger.log("info", `Response:\n${response.join("\n")}\n\n`, fields);
}

describe("HeadReader", () => {
  it("counts requests, cache hits and ended connections a host, and keeps telling headers only", () => {
    const { heads, logger } = reader();
    const edge = ["HTTP/1.1 200 OK", "Cf-Ray: 8f-FRA", "Set-Cookie: session=abc"];
    exchange(logger, ["Host: a.example"], [...edge, "Cf-Cache-Status: HIT"]);
    exchange(logger, ["Host: a.example"], [...edge, "Age: 12", "Connection: close"]);
    exchange(logger, ["Host: a.example"], [...edge, "X-Cache: MISS", "Age: 0"]);
    exchange(logger, ["Host: 127.0.0.1:4000"], ["HTTP/2.0 200 OK", "Connection: close"]);
    assert.deepEqual(heads.hosts(), [
      {
        host: "a.example",
        requests: 3,
        cacheHits: 2,
        closing: 1,
        headers: { "cf-ray": "8f-FRA", "cf-cache-status": "HIT", age: "12", "x-cache": "MISS" },
        isLoopback: false,
      },
      {
        host: "127.0.0.1:4000",
        requests: 1,
        cacheHits: 0,
        closing: 0,
        headers: {},
        isLoopback: true,
      },
    ]);
  });

  it("tells how many Authorization headers there are, and never what they are", () => {
    const { heads, logger } = reader();
    assert.equal(heads.authorizations, undefined);
    exchange(logger, ["Host: a", "Authorization: Bearer one"], ["HTTP/1.1 200 OK"], "");
    assert.equal(heads.authorizations, undefined, "setup() is no iteration");
    exchange(logger, ["Host: a", "Authorization: Bearer one"], ["HTTP/1.1 200 OK"]);
    exchange(logger, ["Host: a", "Authorization: Bearer one"], ["HTTP/1.1 200 OK"]);
    assert.equal(heads.authorizations, 1);
    exchange(logger, ["Host: a", "Authorization: Bearer two"], ["HTTP/1.1 200 OK"]);
    assert.equal(heads.authorizations, 2);
    assert.ok(!JSON.stringify(heads.hosts()).includes("Bearer"));
  });

  it("lets other lines of the log through, unless it is quiet", () => {
    const { logger, lines } = reader();
    exchange(logger, ["Host: a"], ["HTTP/1.1 200 OK"]);
    logger.log("info", "a line of the script");
    assert.deepEqual(lines, ["a line of the script"]);
    const quiet = new HeadReader().wrap({ log: (_l, message) => lines.push(message) }, () => true);
    quiet.log("warning", "Request Failed");
    assert.equal(lines.length, 1);
  });
});
