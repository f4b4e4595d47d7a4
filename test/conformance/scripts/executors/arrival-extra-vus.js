// VUs beyond the preallocated ones are added while it runs.
import { sleep } from 'k6';
import exec from 'k6/execution';
export const options = {
  scenarios: { a: { executor: 'constant-arrival-rate', rate: 2, timeUnit: '1s', duration: '1900ms', preAllocatedVUs: 1, maxVUs: 3, gracefulStop: '5s' } },
};
export default function () {
  sleep(0.9);
}
export function teardown() {
  console.log(exec.instance.vusInitialized);
}
