/** The empty tag set of a fresh interner, for tests of the k6 modules. */
export { createRootTags } from "../../src/metrics/index.ts";
