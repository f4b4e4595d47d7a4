// conformance: {"sorted":true}
// From 0 to 10 a second in 1.9 s: nine iterations (the integral of the rate).
import exec from 'k6/execution';
export const options = {
  scenarios: { a: { executor: 'ramping-arrival-rate', startRate: 0, timeUnit: '1s', stages: [{ duration: '1900ms', target: 10 }], preAllocatedVUs: 2 } },
};
export default function () {
  console.log(exec.scenario.executor, exec.scenario.iterationInTest);
}
