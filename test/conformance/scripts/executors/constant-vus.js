// Two VUs for a second, each iteration 400 ms: three each, the last one within gracefulStop.
import { sleep } from 'k6';
export const options = { scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '1s' } } };
export default function () {
  sleep(0.4);
}
