// A threshold that is refused before the run: no expression.
import { Counter } from 'k6/metrics';
new Counter('counter');
export const options = { thresholds: { counter: [{ abortOnFail: true }] } };
export default function () {
  console.log('never');
}
