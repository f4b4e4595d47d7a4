/** The empty tag set of a fresh interner, for tests of the k6 modules. */
export { createTagInterner as createRootTags } from "../../src/metrics/index.ts";
