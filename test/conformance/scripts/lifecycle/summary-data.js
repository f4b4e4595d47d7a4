// conformance: {"shapes":["data.json","summary-export"],"files":["values.json"]}
// The shape of handleSummary's data and of --summary-export, and the figures in it that are no times.
import { check, group, sleep } from 'k6';
import http from 'k6/http';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const counter = new Counter('my_counter');
const gauge = new Gauge('my_gauge');
const rate = new Rate('my_rate');
const trend = new Trend('my_trend');
const time = new Trend('my_time', true);

export const options = {
  iterations: 3,
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'count', 'p(50)', 'p(99.9)'],
  thresholds: {
    my_counter: ['count>1', 'rate>0'],
    'my_trend{kind:even}': ['max<100'],
    'my_trend{kind:never}': ['max<1'],
    http_req_duration: ['p(95)<60000'],
    checks: [{ threshold: 'rate>0.9', abortOnFail: false }],
  },
};

export function setup() {
  return { from: 'setup' };
}

export default function () {
  group('outer', () => {
    group('inner', () => check(__ITER, { 'is zero': (n) => n === 0 }));
    http.get(`${__ENV.BASE_URL}/status/200`);
  });
  check(1, { 'at the root': () => true });
  counter.add(1.5);
  gauge.add(__ITER * 10);
  rate.add(__ITER === 1);
  trend.add(__ITER, { kind: __ITER % 2 === 0 ? 'even' : 'odd' });
  time.add(__ITER);
  sleep(0.001);
}

// The order of keys is not the same in each run of k6.
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

export function handleSummary(data) {
  const { my_counter, my_gauge, my_rate, my_trend, checks, iterations } = data.metrics;
  const values = {
    counter: my_counter.values.count,
    gauge: my_gauge.values,
    rate: my_rate.values,
    trend: [my_trend.values.avg, my_trend.values.min, my_trend.values.max, my_trend.values.count],
    even: data.metrics['my_trend{kind:even}'].values.avg,
    never: data.metrics['my_trend{kind:never}'].values,
    checks: checks.values,
    iterations: iterations.values.count,
    options: data.options,
    root: data.root_group,
    setup: data.setup_data,
    thresholds: Object.entries(data.metrics).filter(([, m]) => m.thresholds).map(([name, m]) => [name, m.thresholds]).sort(),
  };
  return { 'data.json': JSON.stringify(data), 'values.json': JSON.stringify(sorted(values)) };
}
