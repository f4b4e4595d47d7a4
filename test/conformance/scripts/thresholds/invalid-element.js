// A threshold that is refused before the run: a list that holds something else.
import { Counter } from 'k6/metrics';
new Counter('counter');
export const options = { thresholds: { counter: ['count>1', true] } };
export default function () {
  console.log('never');
}
