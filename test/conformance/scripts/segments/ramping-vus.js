// conformance: {"args":["--execution-segment","0:1/2","--execution-segment-sequence","0,1/2,1"],"sorted":true}
import exec from 'k6/execution';
import { sleep } from 'k6';
export const options = { scenarios: { a: { executor: 'ramping-vus', startVUs: 5, stages: [{ duration: '500ms', target: 5 }] } } };
export default function () {
  console.log(exec.vu.idInInstance, exec.vu.idInTest);
  sleep(1);
}
