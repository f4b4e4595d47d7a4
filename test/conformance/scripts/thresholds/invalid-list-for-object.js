// A threshold that is refused before the run: a list in place of the metrics.
import { Counter } from 'k6/metrics';
new Counter('counter');
export const options = { vus: 1, tags: { a: 'b' }, thresholds: ['count>1'] };
export default function () {
  console.log('never');
}
