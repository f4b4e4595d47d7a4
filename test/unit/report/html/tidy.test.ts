/** Texts that a page can bear. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { longestText, tidy, tidyText } from "../../../../src/report/html/tidy.ts";

describe("tidy", () => {
  it("leaves ordinary texts, numbers and null as they are", () => {
    const value = { a: "GET /home", b: [1, null, true, "ü\n\t☃😀"], c: undefined };
    assert.deepEqual(tidy(value), value);
  });

  it("shows control characters as the pictures that Unicode has for them", () => {
    assert.equal(tidyText("a\u0000b\u001b[31mc\u007f\u0085"), "a␀b␛[31mc␡\ufffd");
  });

  it("replaces half a surrogate pair", () => {
    assert.equal(tidyText("x\ud83d"), "x\ufffd");
  });

  it("cuts what is too long, and says how long it was", () => {
    const text = tidyText("x".repeat(10_000));
    assert.equal(text, `${"x".repeat(longestText)}… (10,000 characters in all)`);
  });
});
