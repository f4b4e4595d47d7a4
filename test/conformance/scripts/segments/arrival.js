// conformance: {"args":["--execution-segment","1/3:2/3","--execution-segment-sequence","0,1/3,2/3,1"],"sorted":true}
// One of several instances: arrival.
import exec from 'k6/execution';
export const options = { scenarios: { a: { executor: 'constant-arrival-rate', rate: 10, duration: '1050ms', preAllocatedVUs: 4 } } };
export default function () {
  console.log(exec.scenario.iterationInInstance, exec.scenario.iterationInTest);
}
