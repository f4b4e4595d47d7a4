// conformance: {"ignore":["metrics"]}
// abortOnFail ends the run at the first evaluation after two seconds; teardown runs.
import { sleep } from 'k6';
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export const options = {
  scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '20s', gracefulStop: '0s' } },
  thresholds: { counter: [{ threshold: 'count<1', abortOnFail: true }], iterations: ['count>=0'] },
};
export default function () {
  counter.add(1);
  sleep(0.1);
}
export function teardown() {
  console.log('teardown');
}
export function handleSummary(data) {
  console.log('summary', JSON.stringify(data.metrics.counter.thresholds), data.state.testRunDurationMs < 4500);
  return {};
}
