// A threshold that is refused before the run: percentile.
import { Counter, Trend } from 'k6/metrics';
new Counter('counter');
new Trend('trend');
export const options = { thresholds: { 'trend': ['p(101)<1'] } };
export default function () {
  console.log('never');
}
