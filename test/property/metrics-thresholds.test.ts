import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LakhError } from "../../src/base/errors.ts";
import { parseThreshold, parseThresholdSubject } from "../../src/metrics/threshold-parser.ts";

const spaces = fc.constantFrom("", " ", "  ", "\t");
const aggregation = fc.oneof(
  fc.constantFrom("count", "rate", "value", "avg", "min", "max", "med"),
  fc.double({ min: 0, max: 100, noNaN: true }).map((percent) => `p(${percent})`),
);
const operator = fc.constantFrom("<", "<=", ">", ">=", "==", "===", "!=");
const limit = fc.double({ noNaN: true, noDefaultInfinity: true });

test("a printed expression is parsed back to its parts, whatever spaces stand between", () => {
  fc.assert(
    fc.property(
      aggregation,
      operator,
      limit,
      fc.tuple(spaces, spaces, spaces, spaces),
      (name, sign, number, gaps) => {
        const [before, left, right, after] = gaps;
        const source = `${before}${name}${left}${sign}${right}${number}${after}`;
        const parsed = parseThreshold(source);
        assert.equal(parsed.source, source);
        assert.equal(parsed.aggregation.name, name);
        assert.equal(parsed.operator, sign === "===" ? "==" : sign);
        assert.equal(parsed.limit, Object.is(number, -0) ? 0 : number);
      },
    ),
    { numRuns: 500 },
  );
});

test("any other text gives a LakhError with exit code 104, never another exception", () => {
  const pieces = fc.array(
    fc.constantFrom(
      "p(",
      ")",
      "95",
      "<",
      "=",
      "!",
      ">",
      "count",
      "avg",
      " ",
      "1e",
      ".",
      "-",
      "{",
      "}",
      ":",
      ",",
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        pieces.map((all) => all.join("")),
      ),
      (text) => {
        for (const parse of [parseThreshold, parseThresholdSubject]) {
          try {
            parse(text);
          } catch (error) {
            assert.ok(error instanceof LakhError && error.exitCode === 104);
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("a printed selector is parsed back to its tags", () => {
  const word = fc.stringMatching(/^[a-z_][\w./-]{0,12}$/u);
  const tagValue = fc.stringMatching(/^[\w./:{}?=&-]{1,20}$/u);
  fc.assert(
    fc.property(
      word,
      fc.dictionary(word, tagValue, { minKeys: 1, maxKeys: 4 }),
      fc.constantFrom("", "'", '"'),
      (name, tags, quote) => {
        const entries = Object.entries(tags);
        const inside = entries
          .map(([key, value]) => ` ${quote}${key}${quote}: ${quote}${value}${quote} `)
          .join(",");
        const parsed = parseThresholdSubject(`${name}{${inside}}`);
        assert.equal(parsed.metricName, name);
        assert.deepEqual(new Map(Object.entries(parsed.selector)), new Map(entries));
        assert.deepEqual(parseThresholdSubject(parsed.name), parsed);
      },
    ),
    { numRuns: 300 },
  );
});
