import assert from "node:assert/strict";
import { test } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { parseOptions } from "../../../src/plan/index.ts";

const scriptUrl = "file:///tests/load.js";

function errorOf(options: unknown): LakhError {
  try {
    parseOptions(options, "script", scriptUrl);
  } catch (error) {
    assert.ok(error instanceof LakhError);
    return error;
  }
  throw new Error("nothing was refused");
}

const wrongType = (shown: string, rest: string): string =>
  `parsing options from script got error while parsing "${shown}": json: cannot unmarshal ${rest}`;
const ofList = "into Go struct field Options.thresholds of type []metrics.thresholdConfig";
const ofElement = "into Go struct field Options.thresholds of type metrics.rawThresholdConfig";

test("thresholds of a wrong type are told in k6's words, with lakh's in the hint", () => {
  // What k6 v2.2.0 says of each.
  const cases: readonly (readonly [options: Record<string, unknown>, fault: string])[] = [
    [{ thresholds: { m: 5 } }, wrongType("{", `number ${ofList}`)],
    [
      { thresholds: { counter: "count>1" } },
      wrongType(String.raw`\"threshold`, `string ${ofList}`),
    ],
    [{ thresholds: { counter: true } }, wrongType(String.raw`\"thresholds`, `bool ${ofList}`)],
    [{ thresholds: { counter: "abcd" } }, wrongType(String.raw`\"threshol`, `string ${ofList}`)],
    [
      { duration: "5s", thresholds: { counter: "abcd" }, vus: 3 },
      wrongType(String.raw`\"duration\":`, `string ${ofList}`),
    ],
    [{ thresholds: { b: "abcd", a: 7 } }, wrongType("{", `number ${ofList}`)],
    [{ thresholds: { counter: {} } }, wrongType("{", `object ${ofList}`)],
    [{ thresholds: { counter: ["a>1", []] } }, wrongType("{", `array ${ofElement}`)],
    [
      { thresholds: { counter: [{ threshold: 123456789 }] } },
      wrongType(
        String.raw`\"counter`,
        "number into Go struct field Options.thresholds.threshold of type string",
      ),
    ],
    [
      { thresholds: { counter: [{ threshold: "count>0", abortOnFail: {} }] } },
      wrongType(
        String.raw`\"c`,
        "object into Go struct field Options.thresholds.abortOnFail of type bool",
      ),
    ],
    [
      { thresholds: [] },
      wrongType(
        String.raw`\"thresholds\": [`,
        "array into Go struct field Options.thresholds of type map[string]metrics.Thresholds",
      ),
    ],
    [{ duration: "soon" }, 'time: invalid duration "soon"'],
  ];
  for (const [options, fault] of cases) {
    const { code, message, hint, exitCode } = errorOf(options);
    assert.equal(message, `could not load JS test '${scriptUrl}': ${fault}`);
    assert.deepEqual([code, exitCode], ["PLAN_OPTION_UNREADABLE", 104]);
    assert.match(hint ?? "", /^option "(?:thresholds|duration)" \(script\) must be /u);
  }
});

test("delays that are no durations are told in Go's words", () => {
  const cases: readonly (readonly [delay: unknown, fault: string])[] = [
    ["soon", 'time: invalid duration "soon"'],
    ["", 'time: invalid duration ""'],
    [" 5s", 'time: invalid duration " 5s"'],
    ["5s3", 'time: missing unit in duration "5s3"'],
    ["5x", 'time: unknown unit "x" in duration "5x"'],
    ["1d5x", 'time: unknown unit "x" in duration "5x"'],
    ["xd", 'strconv.ParseInt: parsing "x": invalid syntax'],
    [true, "'true' is not a valid duration value"],
    [[], "'[]' is not a valid duration value"],
  ];
  for (const [delayAbortEval, fault] of cases) {
    const thresholds = { counter: [{ threshold: 5, delayAbortEval }] };
    assert.equal(
      errorOf({ thresholds }).message,
      `could not load JS test '${scriptUrl}': ${fault}`,
    );
  }
});

test("without the script's name the message is lakh's own", () => {
  assert.throws(
    () => parseOptions({ thresholds: 5 }, "file"),
    (error) =>
      error instanceof LakhError &&
      error.code === "PLAN_OPTION_INVALID" &&
      error.message.includes("thresholds"),
  );
});

test("what is left out or null is empty, and a delay may be negative, as in k6", () => {
  const { thresholds } = parseOptions(
    { thresholds: { a: [null, {}, { threshold: null, abortOnFail: null }], b: null } },
    "script",
  ).values;
  const empty = { source: "", abortOnFail: false, delayAbortEvalMs: 0 };
  assert.deepEqual(thresholds, { a: [empty, empty, empty], b: [] });
  const negative = parseOptions(
    { thresholds: { a: [{ threshold: "x<1", delayAbortEval: "-5s" }] } },
    "script",
  ).values;
  assert.equal(negative.thresholds?.["a"]?.[0]?.delayAbortEvalMs, -5_000);
});

test("the case of a field's name does not matter, and the spelling that sorts last counts", () => {
  const { values, warnings } = parseOptions(
    {
      VUs: 3,
      vus: 2,
      Thresholds: { a: [{ Threshold: "x<1", abortonfail: true, THRESHOLD: "x<2" }] },
      Stages: [{ Duration: "5s", TARGET: 7 }],
    },
    "script",
  );
  assert.deepEqual(values, {
    vus: 2,
    thresholds: { a: [{ source: "x<1", abortOnFail: true, delayAbortEvalMs: 0 }] },
    stages: [{ durationMs: 5_000, target: 7 }],
  });
  assert.deepEqual(warnings, []);
});
