// conformance: {"sorted":true}
// gracefulRampDown 0 interrupts.
import { sleep } from 'k6';
export const options = {
  scenarios: { a: { executor: 'ramping-vus', startVUs: 2, stages: [{ duration: '1s', target: 2 }, { duration: '0s', target: 0 }, { duration: '500ms', target: 0 }], gracefulRampDown: '0s' } },
};
export default function () {
  sleep(0.7);
  if (__ITER === 0) console.log('slept');
}
