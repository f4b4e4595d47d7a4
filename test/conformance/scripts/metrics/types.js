// conformance: {"shapes":["summary-export"]}
// The four types, what add gives back, and their samples.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const counter = new Counter('a_counter');
const gauge = new Gauge('a_gauge');
const rate = new Rate('a_rate');
const trend = new Trend('a_trend');
const time = new Trend('a_time', true);
const bytes = new Counter('some_bytes', false);

export const options = { iterations: 3, summaryTrendStats: ['min', 'max', 'avg', 'count'] };

export default function () {
  console.log(counter.add(1), counter.add(0.5), gauge.add(-3), gauge.add(7), rate.add(true), rate.add(0), trend.add(1.25), time.add(3));
  bytes.add(10, { direction: 'up' });
  counter.add(2, { a: 'x', n: 1, flag: true });
  trend.add(__ITER, { iteration: __ITER });
  console.log(counter.name, gauge.name, Object.keys(trend), counter instanceof Counter, String(typeof counter.add));
}
