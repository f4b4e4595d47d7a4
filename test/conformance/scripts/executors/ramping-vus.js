// Up to three and down again; gracefulRampDown lets the last iterations end.
import { sleep } from 'k6';
import exec from 'k6/execution';
export const options = {
  scenarios: { a: { executor: 'ramping-vus', startVUs: 1, stages: [{ duration: '0s', target: 3 }, { duration: '1s', target: 3 }, { duration: '0s', target: 1 }, { duration: '1s', target: 1 }], gracefulRampDown: '5s' } },
};
export default function () {
  if (__ITER === 0) console.log(exec.scenario.executor);
  sleep(0.6);
}
