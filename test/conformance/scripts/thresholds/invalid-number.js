// A threshold that is refused before the run: number.
import { Counter, Trend } from 'k6/metrics';
new Counter('counter');
new Trend('trend');
export const options = { thresholds: { 'counter': ['count>many'] } };
export default function () {
  console.log('never');
}
