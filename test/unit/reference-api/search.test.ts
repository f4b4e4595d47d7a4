import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toPrefixQuery } from "../../../reference-api/routes/search.ts";

describe("search text", () => {
  it("becomes prefixes that must all match", () => {
    assert.equal(toPrefixQuery("Silent riv"), "silent:* & riv:*");
  });

  it("keeps letters and digits of any script and drops the query language's operators", () => {
    assert.equal(toPrefixQuery("नाटक-2 & !drama | (x:*A)'"), "नाटक:* & 2:* & drama:* & x:* & a:*");
  });

  it("is empty when nothing is left", () => {
    assert.equal(toPrefixQuery(" '&|!():* "), "");
  });
});
