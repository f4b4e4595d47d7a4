// A threshold that is refused before the run: an expression that is a number.
import { Counter } from 'k6/metrics';
new Counter('counter');
export const options = { thresholds: { counter: [{ threshold: 123456789 }] } };
export default function () {
  console.log('never');
}
