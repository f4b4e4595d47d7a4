// A threshold that is refused before the run: unclosed.
import { Counter, Trend } from 'k6/metrics';
new Counter('counter');
new Trend('trend');
export const options = { thresholds: { 'counter{a:b': ['count>1'] } };
export default function () {
  console.log('never');
}
