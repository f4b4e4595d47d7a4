import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLineFormatter, createLogger, type LogEntry } from "../../../src/base/log.ts";

process.env["TZ"] = "UTC";

const wallMs = Date.parse("2026-08-01T10:00:03.900Z");
const entry = (message: string, given: Partial<LogEntry> = {}): LogEntry => ({
  wallMs,
  level: "info",
  fields: {},
  ...given,
  message,
});

/** Recorded from k6 2.2. */
describe("a log line", () => {
  it("as text quotes what is not a plain word, in Go's way", () => {
    const line = createLineFormatter("text", wallMs);
    const head = 'time="2026-08-01T10:00:03Z" level=info';
    const shown: readonly (readonly [message: string, text: string])[] = [
      ["plain", " msg=plain"],
      ["aaaaa_-.^+@/", " msg=aaaaa_-.^+@/"],
      ["x:y/z", ' msg="x:y/z"'],
      ["a b", ' msg="a b"'],
      ['say "w" \\', ' msg="say \\"w\\" \\\\"'],
      ["e\nnl\ttab", ' msg="e\\nnl\\ttab"'],
      ["\u001b[31mred\u007f", ' msg="\\x1b[31mred\\x7f"'],
      ["ünï ✓", ' msg="ünï ✓"'],
      ["a\u00a0b\u200b", ' msg="a\\u00a0b\\u200b"'],
      ["", ""],
    ];
    for (const [message, text] of shown) assert.equal(line(entry(message)), head + text);
  });

  it("as text has its fields after the message, sorted", () => {
    const fields = { source: "console", error: "a b", code: "X" };
    assert.equal(
      createLineFormatter("text", wallMs)(entry("m", { level: "warning", fields })),
      'time="2026-08-01T10:00:03Z" level=warning msg=m code=X error="a b" source=console',
    );
  });

  it("as JSON has all keys sorted, and HTML escaped", () => {
    assert.equal(
      createLineFormatter("json", wallMs)(entry("<a> & b", { fields: { source: "console" } })),
      '{"level":"info","msg":"\\u003ca\\u003e \\u0026 b","source":"console","time":"2026-08-01T10:00:03Z"}',
    );
  });

  it("as raw is the message", () => {
    assert.equal(createLineFormatter("raw", wallMs)(entry("a b", { fields: { x: "y" } })), "a b");
  });

  it("on a terminal is coloured by level, with the seconds since the start and aligned fields", () => {
    const line = createLineFormatter("terminal", wallMs - 12_345);
    assert.equal(
      line(entry("plain", { fields: { source: "console" } })),
      `\u001b[36mINFO\u001b[0m[0012] ${"plain".padEnd(44)}  \u001b[36msource\u001b[0m=console`,
    );
    assert.equal(
      line(entry("Error: x\n\tat f\n", { level: "error" })),
      "\u001b[31mERRO\u001b[0m[0012] Error: x\n\tat f".padEnd(15 + 5 + 44) + " ",
    );
    assert.ok(line(entry("w", { level: "warning" })).startsWith("\u001b[33mWARN"));
  });
});

describe("createLogger", () => {
  it("leaves out what is below its level", () => {
    const lines: string[] = [];
    const logger = createLogger({
      minLevel: "warning",
      wallMs: () => wallMs,
      writeLine: (line) => lines.push(line),
      format: ({ message }) => message,
    });
    for (const level of ["debug", "info", "warning", "error"] as const) logger.log(level, level);
    assert.deepEqual(lines, ["warning", "error"]);
  });
});
