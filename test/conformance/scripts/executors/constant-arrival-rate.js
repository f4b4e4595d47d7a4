// conformance: {"sorted":true}
import exec from 'k6/execution';
export const options = {
  scenarios: { a: { executor: 'constant-arrival-rate', rate: 4, timeUnit: '1s', duration: '1100ms', preAllocatedVUs: 2, maxVUs: 2 } },
};
export default function () {
  console.log(exec.scenario.executor, exec.scenario.iterationInTest);
}
