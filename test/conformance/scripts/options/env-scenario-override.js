// conformance: {"env":{"K6_ITERATIONS":"2"},"ignore":["metrics"]}
export const options = { scenarios: { a: { executor: 'per-vu-iterations', exec: 'other' } } };
export function other() { console.log('other'); }
export default function () { console.log('default'); }
