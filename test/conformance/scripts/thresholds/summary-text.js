// conformance: {"summaryText":true}
// How the summary shows thresholds.
import { check } from 'k6';
import { Counter, Rate, Trend, Gauge } from 'k6/metrics';
const counter = new Counter('counter');
const rate = new Rate('rate');
const trend = new Trend('trend');
const gauge = new Gauge('gauge');
export const options = {
  thresholds: { counter: ['count>1', 'count < 1'], 'counter{a:b}': ['count==1'], 'rate{never:seen}': ['rate>0.5'], trend: ['p(95)<3', 'max>9'], checks: ['rate>0.9'], gauge: ['value<3'] },
};
export default function () {
  counter.add(1, { a: 'b' });
  counter.add(1);
  rate.add(1);
  gauge.add(3);
  trend.add(2);
  check(1, { ok: () => true, 'not ok': () => false });
}
