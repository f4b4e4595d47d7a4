// conformance: {"ignore":["log"]}
export const options = { scenarios: { a: { executor: 'per-vu-iterations', options: { foo: {} } } } };
export default function () { console.log('must not run'); }
