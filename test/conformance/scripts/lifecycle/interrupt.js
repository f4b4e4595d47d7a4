// conformance: {"signal":{"name":"SIGINT","after":"begun"},"ignore":["metrics"]}
// Ctrl-C: the iteration that runs is interrupted or finished, teardown and handleSummary run, exit code 105.
import { sleep } from 'k6';
export const options = { scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '20s', gracefulStop: '1s' } } };
export default function () {
  console.log('begun');
  sleep(5);
}
export function teardown() {
  console.log('teardown');
}
export function handleSummary() {
  console.log('summary');
  return {};
}
