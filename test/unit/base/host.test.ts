import assert from "node:assert/strict";
import { test } from "node:test";
import {
  canRedraw,
  hasBlockElements,
  hasColours,
  type TextStream,
} from "../../../src/base/host.ts";
import { testHost } from "../../support/host.ts";

const file: TextStream = testHost([]).stdout;
const terminal: TextStream = { ...file, isTty: true };

test("colours are for terminals that know them", () => {
  assert.equal(hasColours({ env: {} }, terminal), true);
  assert.equal(hasColours({ env: {} }, file), false);
  assert.equal(hasColours({ env: { TERM: "dumb" } }, terminal), false);
});

test("NO_COLOR takes colours away, even when it is empty; K6_NO_COLOR when it is not", () => {
  assert.equal(hasColours({ env: { NO_COLOR: "" } }, terminal), false);
  assert.equal(hasColours({ env: { K6_NO_COLOR: "1" } }, terminal), false);
  assert.equal(hasColours({ env: { K6_NO_COLOR: "" } }, terminal), true);
});

test("FORCE_COLOR brings them where there are none by themselves, or takes them away, but not against NO_COLOR", () => {
  assert.equal(hasColours({ env: { FORCE_COLOR: "1" } }, file), true);
  assert.equal(hasColours({ env: { FORCE_COLOR: "1", TERM: "dumb" } }, terminal), true);
  assert.equal(hasColours({ env: { FORCE_COLOR: "0" } }, terminal), false);
  assert.equal(hasColours({ env: { FORCE_COLOR: "" } }, file), false);
  assert.equal(hasColours({ env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, terminal), false);
});

test("lines are drawn again on terminals that have a cursor, and not in CI", () => {
  assert.equal(canRedraw({ env: { TERM: "xterm" } }, terminal), true);
  assert.equal(canRedraw({ env: {} }, terminal), true);
  assert.equal(canRedraw({ env: { CI: "false" } }, terminal), true);
  assert.equal(canRedraw({ env: { CI: "true" } }, terminal), false);
  assert.equal(canRedraw({ env: { TERM: "dumb" } }, terminal), false);
  assert.equal(canRedraw({ env: {} }, file), false);
});

test("block elements are for terminals that show Unicode", () => {
  assert.equal(hasBlockElements({ env: {} }), true);
  assert.equal(hasBlockElements({ env: { LANG: "en_IN.UTF-8" } }), true);
  assert.equal(hasBlockElements({ env: { LC_ALL: "C", LANG: "en_IN.UTF-8" } }), false);
  assert.equal(hasBlockElements({ env: { LC_ALL: "", LANG: "de_DE.ISO-8859-1" } }), false);
  assert.equal(hasBlockElements({ env: { TERM: "linux", LANG: "C.UTF-8" } }), false);
});
