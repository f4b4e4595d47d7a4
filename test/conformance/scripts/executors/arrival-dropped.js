// One busy VU: iterations that find nobody are dropped, and a warning tells it once.
import { sleep } from 'k6';
export const options = {
  scenarios: { a: { executor: 'constant-arrival-rate', rate: 4, timeUnit: '1s', duration: '1100ms', preAllocatedVUs: 1, maxVUs: 1 } },
};
export default function () {
  sleep(1.5);
}
