// conformance: {"args":["--execution-segment","0:1/2","--execution-segment-sequence","0,1/2,1"],"sorted":true}
// One of several instances: per-vu-half.
import exec from 'k6/execution';
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 5, iterations: 2 } } };
export default function () {
  console.log(exec.vu.idInInstance, exec.vu.idInTest, exec.vu.iterationInScenario);
}
