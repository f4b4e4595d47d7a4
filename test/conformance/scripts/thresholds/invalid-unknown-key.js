// A threshold that is refused before the run: unknown-key.
import { Counter, Trend } from 'k6/metrics';
new Counter('counter');
new Trend('trend');
export const options = { thresholds: { 'counter': [{ threshold: 'count>1', abort: true }] } };
export default function () {
  console.log('never');
}
