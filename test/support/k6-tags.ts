/** The empty tag set of a fresh interner, for tests of the k6 modules. */
import { createTagInterner } from "../../src/metrics/index.ts";
import type { TagSet } from "../../src/metrics/index.ts";

export function createRootTags(): TagSet {
  return createTagInterner();
}
