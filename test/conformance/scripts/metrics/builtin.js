// Built-in metrics of an iteration: which are there, how often.
import { check, group, sleep } from 'k6';
import http from 'k6/http';
export const options = { scenarios: { named: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } } };
export default function () {
  group('g', () => {
    http.get(`${__ENV.BASE_URL}/status/200`);
    http.get(`${__ENV.BASE_URL}/status/500`);
    http.get(`${__ENV.BASE_URL}/redirect/1`);
  });
  check(1, { ok: () => true });
  sleep(0.001);
  if (__ITER === 1) throw new Error('counts as an iteration');
}
