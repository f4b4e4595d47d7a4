// A threshold that is refused before the run: an abortOnFail that is a text.
import { Counter } from 'k6/metrics';
new Counter('counter');
export const options = { thresholds: { counter: [{ threshold: 'count>1', abortOnFail: 'always' }] } };
export default function () {
  console.log('never');
}
