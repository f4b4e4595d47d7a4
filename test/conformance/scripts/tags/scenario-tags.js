// conformance: {"sorted":true}
// Tags and environment of scenarios.
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export const options = {
  tags: { run: 'r' },
  scenarios: {
    one: { executor: 'shared-iterations', tags: { t: 'one' }, env: { WHO: 'one', BASE_URL: 'replaced' }, exec: 'one' },
    two: { executor: 'per-vu-iterations', tags: { t: 'two' }, startTime: '200ms' },
  },
};
export function one() {
  counter.add(1);
  console.log('one', __ENV.WHO, __ENV.BASE_URL, exec.scenario.name, exec.vu.tags.t);
}
export default function () {
  counter.add(1);
  console.log('two', __ENV.WHO, __ENV.BASE_URL === 'replaced', exec.scenario.name, exec.vu.tags.t);
}
