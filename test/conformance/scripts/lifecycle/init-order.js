// conformance: {"sorted":true}
// How often the init code runs, and with which __VU.
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 1 } } };
console.log('init of', __VU);
export function setup() {}
export default function () {}
export function teardown() {}
