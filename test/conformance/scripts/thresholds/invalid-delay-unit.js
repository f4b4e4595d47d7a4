// A threshold that is refused before the run: a delay of a unit that is none.
import { Counter } from 'k6/metrics';
new Counter('counter');
export const options = { thresholds: { counter: [{ threshold: 'count>1', abortOnFail: true, delayAbortEval: '1d5x' }] } };
export default function () {
  console.log('never');
}
