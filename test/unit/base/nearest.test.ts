import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance, nearest } from "../../../src/base/nearest.ts";

test("counts insertions, deletions, replacements and neighbour swaps as one edit each", () => {
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("vus", "vsu"), 1);
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("same", "same"), 0);
});

test("offers the nearest candidate, whatever the case", () => {
  assert.equal(nearest("constant-vu", ["ramping-vus", "constant-vus"]), "constant-vus");
  assert.equal(
    nearest("INSECURESKIPTLSVERIFY", ["insecureSkipTLSVerify"]),
    "insecureSkipTLSVerify",
  );
  assert.equal(nearest("--duratoin", ["--duration", "--iterations"]), "--duration");
});

test("offers nothing when no candidate is near", () => {
  assert.equal(nearest("xyz", ["duration", "iterations"]), undefined);
  assert.equal(nearest("", ["a", "b"]), undefined);
  assert.equal(nearest("vus", []), undefined);
});
