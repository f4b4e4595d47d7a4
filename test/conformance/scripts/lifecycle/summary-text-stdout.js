// conformance: {"stdout":true}
// handleSummary that gives: text-stdout.
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export default function () {
  counter.add(2);
}
export function handleSummary() {
  console.log('summary');
  return { stdout: 'to stdout\\n', stderr: 'to stderr\\n' };
}
