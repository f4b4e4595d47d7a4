// conformance: {"sorted":true}
import exec from 'k6/execution';
import { sleep } from 'k6';
export const options = { scenarios: { a: { executor: 'shared-iterations', vus: 3, iterations: 10 } } };
export default function () {
  sleep(0.01);
  console.log(exec.scenario.executor, exec.scenario.iterationInTest);
}
