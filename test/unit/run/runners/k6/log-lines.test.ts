import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Logger } from "../../../../../src/base/log.ts";
import { K6Log } from "../../../../../src/run/runners/k6/log-lines.ts";

function createLog(): { log: K6Log; lines: unknown[][] } {
  const lines: unknown[][] = [];
  const logger: Logger = { log: (level, message, fields) => lines.push([level, message, fields]) };
  return { log: new K6Log(logger), lines };
}

const exception = (message: string): string =>
  JSON.stringify({
    level: "error",
    msg: `${message}\n\tat default (file:///s.js:6:65(12))\n`,
    source: "stacktrace",
    scenario: "s",
    executor: "constant-vus",
    time: "2026-11-26T10:00:00Z",
  });

describe("log lines of k6", () => {
  it("keep level, message and fields", () => {
    const { log, lines } = createLog();
    log.readLine('{"level":"info","msg":"hi","source":"console","time":"2026-11-26T10:00:00Z"}');
    log.readLine('{"level":"warning","msg":"Request Failed","error":"eof","n":3,"time":"x"}');
    assert.deepEqual(lines, [
      ["info", "hi", { source: "console" }],
      ["warning", "Request Failed", { error: "eof", n: "3" }],
    ]);
  });

  it("are shown as they are when they are no log lines", () => {
    const { log, lines } = createLog();
    log.readLine("panic: everything is lost");
    log.readLine("{not json");
    log.readLine("");
    assert.deepEqual(
      lines.map(([, message]) => message),
      ["panic: everything is lost", "{not json"],
    );
    assert.equal(log.lastError, "{not json");
  });

  it("count the exceptions of iterations, the same ones together", () => {
    const { log } = createLog();
    for (const message of ["Error: a", "Error: b", "Error: a"]) log.readLine(exception(message));
    log.readLine('{"level":"error","msg":"Error: in setup","source":"stacktrace"}');
    assert.equal(log.failedIterations, 3);
    assert.deepEqual(
      log.exceptions.map(({ message, count }) => [message, count]),
      [
        ["Error: a", 2],
        ["Error: b", 1],
      ],
    );
    assert.equal(log.lastError, "Error: in setup");
  });
});
