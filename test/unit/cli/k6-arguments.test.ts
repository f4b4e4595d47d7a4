import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseGoBoolean, toParserArguments } from "../../../src/cli/k6-arguments.ts";

describe("k6's way of writing flags", () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ["leaves what the parser reads", ["run", "-u", "3", "x.js"], ["run", "-u", "3", "x.js"]],
    [
      "puts global flags behind the command",
      ["-q", "--address", "127.0.0.1:1", "--log-format=raw", "run", "x.js"],
      ["run", "-q", "--address", "127.0.0.1:1", "--log-format=raw", "x.js"],
    ],
    ["leaves flags of the program itself alone", ["--version"], ["--version"]],
    ["leaves a lone global flag alone", ["-q"], ["-q"]],
    [
      "takes short flags with an equals sign",
      ["run", "-u=3", "-d=1s"],
      ["run", "-u", "3", "-d", "1s"],
    ],
    ["takes switches that are on", ["run", "--throw=T", "-w=true"], ["run", "--throw", "--throw"]],
    [
      "takes options that are switched off as a value of their own",
      ["run", "--throw=false", "--no-setup=0"],
      ["run", "--switched-off", "--throw", "--switched-off", "--no-setup"],
    ],
    ["drops a switch that is off by default", ["run", "--quiet=false"], ["run"]],
    [
      "knows the opposite of the environment's flag",
      ["run", "--include-system-env-vars=false"],
      ["run", "--no-include-system-env-vars"],
    ],
    [
      "never gives --http-debug the script",
      ["run", "--http-debug", "x.js"],
      ["run", "--http-debug=headers", "x.js"],
    ],
    ["stops at two dashes", ["run", "--", "--throw=false"], ["run", "--", "--throw=false"]],
  ];
  for (const [title, given, expected] of cases)
    test(title, () => assert.deepEqual(toParserArguments(given), expected));

  test("refuses a switch with another value", () => {
    assert.throws(() => toParserArguments(["run", "--throw=maybe"]), {
      code: "FLAG_BOOLEAN",
      exitCode: 255,
    });
  });
});

test("booleans are those of Go", () => {
  assert.deepEqual(["1", "t", "TRUE", "True"].map(parseGoBoolean), [true, true, true, true]);
  assert.deepEqual(["0", "F", "false"].map(parseGoBoolean), [false, false, false]);
  assert.deepEqual(["yes", "tRUE", ""].map(parseGoBoolean), [undefined, undefined, undefined]);
});
