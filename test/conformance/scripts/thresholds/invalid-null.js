// A threshold that is refused before the run: a list that holds null.
import { Counter } from 'k6/metrics';
new Counter('counter');
export const options = { thresholds: { counter: [null] } };
export default function () {
  console.log('never');
}
