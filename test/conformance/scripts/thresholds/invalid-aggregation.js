// A threshold that is refused before the run: aggregation.
import { Counter, Trend } from 'k6/metrics';
new Counter('counter');
new Trend('trend');
export const options = { thresholds: { 'counter': ['p(95)<1'] } };
export default function () {
  console.log('never');
}
