// conformance: {"sorted":true}
// Sums over VUs.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const counter = new Counter('counter');
const rate = new Rate('rate');
const trend = new Trend('trend');
export const options = {
  scenarios: { a: { executor: 'per-vu-iterations', vus: 5, iterations: 4 } },
  thresholds: { counter: ['count==20'], rate: ['rate==0.25'], trend: ['max==3', 'min==0', 'avg==1.5'] },
};
export default function () {
  counter.add(1, { vu: `v${__VU}` });
  rate.add(__ITER === 0);
  trend.add(__ITER);
}
