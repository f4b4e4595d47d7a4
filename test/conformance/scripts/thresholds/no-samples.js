// Thresholds on metrics without samples.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
new Counter('counter');
new Gauge('gauge');
new Rate('rate');
new Trend('trend');
export const options = {
  thresholds: {
    counter: ['count>0', 'count==0', 'rate>0', 'rate==0'],
    gauge: ['value>0', 'value==0'],
    rate: ['rate>0.9', 'rate<0.1'],
    trend: ['p(95)<500', 'avg>0', 'min==0', 'max>1'],
    http_req_duration: ['p(95)<500'],
    http_req_failed: ['rate<0.01'],
    checks: ['rate>0.99'],
    http_reqs: ['count>0'],
  },
};
export default function () {}
