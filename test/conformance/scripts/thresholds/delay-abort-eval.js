// conformance: {"ignore":["metrics"]}
// delayAbortEval keeps abortOnFail back; the run is over before.
import { sleep } from 'k6';
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export const options = {
  scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '3s', gracefulStop: '1s' } },
  thresholds: { counter: [{ threshold: 'count<1', abortOnFail: true, delayAbortEval: '10s' }] },
};
export default function () {
  counter.add(1);
  sleep(0.2);
}
export function handleSummary(data) {
  console.log('summary', data.state.testRunDurationMs > 2900);
  return {};
}
