// A threshold that is refused before the run: a number in place of the list.
import { Counter } from 'k6/metrics';
new Counter('counter');
export const options = { thresholds: { counter: 42 } };
export default function () {
  console.log('never');
}
