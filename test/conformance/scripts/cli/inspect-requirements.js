// conformance: {"command":["inspect","--execution-requirements"],"env":{"K6_RPS":"9"}}
export const options = { scenarios: { one: { executor: 'constant-vus', vus: 20, duration: '3s', exec: 'foo', env: { A: '1' }, tags: { t: 'x' } }, two: { executor: 'ramping-arrival-rate', startTime: '1s', preAllocatedVUs: 2, maxVUs: 7, stages: [{ duration: '2m', target: 10 }] } } };
export function foo() {}
export default function () {}
