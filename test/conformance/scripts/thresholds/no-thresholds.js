// conformance: {"args":["--no-thresholds"],"shapes":["summary-export"]}
// --no-thresholds: none is evaluated, not even a bad one.
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export const options = { thresholds: { counter: ['count>100'], 'counter{a:b}': ['count>1'], iterations: ['count<1'] } };
export default function () {
  counter.add(1);
}
export function handleSummary(data) {
  console.log(Object.keys(data.metrics).filter((name) => name.startsWith('counter')), data.metrics.counter.thresholds);
  return {};
}
