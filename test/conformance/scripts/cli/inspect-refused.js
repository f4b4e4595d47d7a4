// conformance: {"command":["inspect"],"ignore":["log"]}
export const options = { scenarios: { a: { executor: 'constant-vus', foo: 1 } } };
export default function () {}
