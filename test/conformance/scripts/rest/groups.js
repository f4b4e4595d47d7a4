// conformance: {"sorted":true,"ignore":["metrics"],"rest":[{"wait":8},{"path":"/v1/groups"},{"path":"/v1/metrics","shape":true},{"path":"/v1/metrics/checks"}]}
import { group, check, sleep } from 'k6';
import { Trend, Rate, Gauge, Counter } from 'k6/metrics';
const trend = new Trend('a_trend', true);
const rate = new Rate('a_rate');
const gauge = new Gauge('a_gauge');
const counter = new Counter('a_counter');
export const options = { vus: 1, iterations: 2, thresholds: { checks: ['rate>0.4'], a_trend: ['p(95)<1'], 'a_counter{a:b}': ['count>0'] } };
export default function () {
  group('outer', () => { check(1, { one: true, other: false }); group('inner', () => check(1, { two: true })); });
  trend.add(5); rate.add(1); gauge.add(3); counter.add(2, { a: 'b' });
  sleep(1.2);
}
export function teardown() { sleep(1); }
