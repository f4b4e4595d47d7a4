// conformance: {"args":["--execution-segment","0:1/3","--execution-segment-sequence","0,1/3,2/3,1"],"sorted":true}
// One of several instances: arrival-ramp.
import exec from 'k6/execution';
export const options = { scenarios: { a: { executor: 'ramping-arrival-rate', startRate: 10, stages: [{ duration: '950ms', target: 10 }], preAllocatedVUs: 4 } } };
export default function () {
  console.log(exec.scenario.iterationInInstance, exec.scenario.iterationInTest);
}
