// conformance: {"sorted":true}
// gracefulStop 0: what runs is interrupted and not counted.
import { sleep } from 'k6';
import http from 'k6/http';
export const options = { scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '0s' } } };
export default function () {
  http.get(`${__ENV.BASE_URL}/status/200`);
  sleep(0.7);
  console.log('slept');
  http.get(`${__ENV.BASE_URL}/status/201`);
  sleep(5);
}
export function teardown() {
  console.log('teardown');
}
