// conformance: {"sorted":true}
// Each VU has a copy of setup's data of its own, which it may change; teardown sees the original.
import exec from 'k6/execution';

export const options = {
  scenarios: { each: { executor: 'per-vu-iterations', vus: 2, iterations: 3 } },
};

export function setup() {
  return { count: 0, list: [] };
}

export default function (data) {
  data.count++;
  data.list.push(exec.vu.iterationInScenario);
  console.log(data.count, data.list.length);
}

export function teardown(data) {
  console.log('teardown', data.count, JSON.stringify(data.list));
}
