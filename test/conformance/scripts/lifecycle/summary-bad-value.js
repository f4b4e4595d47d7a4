// conformance: {"summaryText":true}
// handleSummary that gives: bad-value.
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export default function () {
  counter.add(2);
}
export function handleSummary() {
  console.log('summary');
  return { 'x.txt': { a: 1 } };
}
