// A threshold that is refused before the run: words.
import { Counter, Trend } from 'k6/metrics';
new Counter('counter');
new Trend('trend');
export const options = { thresholds: { 'trend': ['avg is low'] } };
export default function () {
  console.log('never');
}
