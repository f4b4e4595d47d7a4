// conformance: {"sorted":true}
// Numbers of VUs and iterations over two scenarios.
import exec from 'k6/execution';
export const options = {
  scenarios: {
    first: { executor: 'per-vu-iterations', vus: 2, iterations: 2 },
    second: { executor: 'per-vu-iterations', vus: 2, iterations: 1, startTime: '500ms', exec: 'second' },
  },
};
const line = () => [exec.scenario.name, exec.vu.idInTest <= 4, exec.vu.iterationInScenario, __ITER === exec.vu.iterationInInstance];
export default function () {
  console.log(...line());
}
export function second() {
  console.log(...line());
}
