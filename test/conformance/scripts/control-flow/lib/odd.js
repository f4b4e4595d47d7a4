import { even } from './index.js';
import { sleep } from 'k6';
export function odd(n) {
  sleep(0);
  return n !== 0 && even(n - 1);
}
