// A threshold that is refused before the run: a delay that is a boolean.
import { Counter } from 'k6/metrics';
new Counter('counter');
export const options = { thresholds: { counter: [{ threshold: 'count>1', delayAbortEval: true }] } };
export default function () {
  console.log('never');
}
