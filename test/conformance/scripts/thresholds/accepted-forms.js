// Objects, empty lists, names with spaces.
import { Counter, Trend } from 'k6/metrics';
const counter = new Counter('counter');
const trend = new Trend('trend');
export const options = {
  thresholds: {
    counter: [{ threshold: 'count>0', abortOnFail: false }, { threshold: 'count<1', delayAbortEval: '10s' }, { threshold: 'count==2', abortOnFail: true, delayAbortEval: 5000 }],
    trend: [],
    'http_reqs': ['count  ==   0'],
    iterations: ['count\t>\t0'],
  },
};
export default function () {
  counter.add(2);
  trend.add(1);
}
