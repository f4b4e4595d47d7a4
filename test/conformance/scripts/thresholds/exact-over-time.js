// Values that come over three seconds, so that thresholds are judged in between and engines gather them in parts.
import { sleep } from 'k6';
import { Trend } from 'k6/metrics';
const trend = new Trend('trend');
const long = new Trend('long');
export const options = {
  iterations: 6,
  thresholds: {
    trend: ['avg==0.35', 'avg==0.3499999999999999', 'avg==0.35000000000000003', 'med==0.35', 'p(90)==0.55', 'p(95)==0.575', 'max==0.6'],
    long: ['med==0.35', 'p(95)==0.6', 'p(95)<=0.6', 'p(95)>=0.6', 'p(10)==0.1'],
  },
};
export default function () {
  trend.add(0.6 - __ITER / 10);
  for (let k = 0; k < 100; k++) long.add((__ITER + 1) / 10);
  sleep(0.5);
}
