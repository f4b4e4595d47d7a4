// conformance: {"args":["--execution-segment","1/3:2/3","--execution-segment-sequence","0,1/3,2/3,1"],"sorted":true}
// One of several instances: shared-third.
import exec from 'k6/execution';
export const options = { scenarios: { a: { executor: 'shared-iterations', vus: 7, iterations: 22 } } };
export default function () {
  console.log(exec.scenario.iterationInInstance, exec.scenario.iterationInTest);
}
