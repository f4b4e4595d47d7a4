// A threshold that is refused before the run: an object in place of the list.
import { Counter } from 'k6/metrics';
new Counter('counter');
export const options = { thresholds: { counter: { threshold: 'count>=0' } } };
export default function () {
  console.log('never');
}
