import assert from "node:assert/strict";
import { test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { parseLogDestination } from "../../../src/cli/log-destination.ts";

const parse = (text: string): ReturnType<typeof parseLogDestination> =>
  parseLogDestination(text, (path) => `/work/${path}`);

test("streams, nothing, and files with a level of their own", () => {
  assert.deepEqual(parse("stderr"), { kind: "stream", name: "stderr" });
  assert.deepEqual(parse("stdout"), { kind: "stream", name: "stdout" });
  assert.deepEqual(parse("none"), { kind: "none" });
  assert.deepEqual(parse("file=a=b.log"), {
    kind: "file",
    path: "/work/a=b.log",
    level: undefined,
  });
  assert.deepEqual(parse("file=a.log,level=warn"), {
    kind: "file",
    path: "/work/a.log",
    level: "warning",
  });
});

test("what k6 refuses is refused in its words", () => {
  const messages: readonly (readonly [text: string, message: string])[] = [
    ["zz", "unsupported log output 'zz'"],
    ["file", "error while parsing logfile configuration key `file` with no value"],
    ["file=", "error while parsing logfile configuration key `file=` with no value"],
    ["file=a.log,level=zz", "unknown log level zz"],
    ["file=a.log,level=constructor", "unknown log level constructor"],
    ["file=a.log,foo=zz", "unknown logfile config key foo"],
  ];
  for (const [text, message] of messages)
    assert.throws(() => parse(text), { message, code: "FLAG_LOG_OUTPUT", exitCode: 255 });
});

test("loki is named with the way to have it", () => {
  assert.throws(
    () => parse("loki=http://h"),
    (error) => error instanceof LakhError && /--runner k6/u.test(error.hint ?? ""),
  );
});
