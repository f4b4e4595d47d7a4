// conformance: {"args":["--execution-segment","1/2:3/4","--execution-segment-sequence","0,1/2,3/4,1"],"sorted":true}
// One of several instances: shared-quarter.
import exec from 'k6/execution';
export const options = { scenarios: { a: { executor: 'shared-iterations', vus: 4, iterations: 10 } } };
export default function () {
  console.log(exec.scenario.iterationInInstance, exec.scenario.iterationInTest);
}
