// conformance: {"args":["--execution-segment","0:1/2","--execution-segment-sequence","0,1/2,3/4,1"],"sorted":true}
// One of several instances: shared-large.
import exec from 'k6/execution';
export const options = { scenarios: { a: { executor: 'shared-iterations', vus: 5, iterations: 16 } } };
export default function () {
  console.log(exec.scenario.iterationInInstance, exec.scenario.iterationInTest);
}
