// Iterations that maxDuration does not leave time for are dropped: one sample says how many.
import { sleep } from 'k6';
export const options = { scenarios: { a: { executor: 'shared-iterations', vus: 2, iterations: 10, maxDuration: '1s', gracefulStop: '2s' } } };
export default function () {
  sleep(0.7);
}
