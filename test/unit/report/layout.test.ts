import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cellWidth,
  hang,
  padEnd,
  padStart,
  printable,
  shorten,
  wrap,
} from "../../../src/report/layout.ts";

test("counts cells, not characters", () => {
  assert.equal(cellWidth("plain"), 5);
  assert.equal(cellWidth("検索"), 4);
  assert.equal(cellWidth("e\u0301"), 1);
  assert.equal(cellWidth("🚀"), 2);
  assert.equal(cellWidth("µs ✓ – ↳"), 8);
  assert.equal(cellWidth(""), 0);
});

test("pads to cells and never cuts", () => {
  assert.equal(padEnd("検", 4), "検  ");
  assert.equal(padStart("検", 4), "  検");
  assert.equal(padEnd("longer", 2), "longer");
});

test("shortens with a mark, never between the halves of a character", () => {
  assert.equal(shorten("abcdef", 6), "abcdef");
  assert.equal(shorten("abcdefg", 6), "abc...");
  assert.equal(shorten("検索検索", 6), "検...");
  assert.equal(shorten("abcdef", 2), "..");
  assert.equal(shorten("🚀🚀🚀", 5), "🚀...");
});

test("wraps at spaces, and cuts only words that are wider than a line", () => {
  assert.deepEqual(wrap("one two three", 7), ["one two", "three"]);
  assert.deepEqual(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
  assert.deepEqual(wrap("abcdef", 3), ["abc", "def"]);
  assert.deepEqual(wrap("", 3), [""]);
  assert.deepEqual(wrap("検索", 1), ["検", "索"]);
  assert.deepEqual(wrap("a  b\nc", 80), ["a b c"]);
});

test("hangs wrapped text behind its lead", () => {
  assert.deepEqual(hang("- ", "one two", 5), ["- one", "  two"]);
});

test("control characters become spaces", () => {
  assert.equal(printable("a\u001b[31m\tb\u0085\u2028c"), "a [31m b  c");
});
