// conformance: {"command":["inspect","--execution-requirements"],"ignore":["log"]}
export const options = { scenarios: { a: { executor: 'constant-vus' } } };
export default function () {}
