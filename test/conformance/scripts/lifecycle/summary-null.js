// conformance: {"summaryText":true}
// handleSummary that gives: null.
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export default function () {
  counter.add(2);
}
export function handleSummary() {
  console.log('summary');
  return null;
}
