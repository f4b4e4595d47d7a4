// Every aggregation and operator, crossed and not.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
const counter = new Counter('counter');
const gauge = new Gauge('gauge');
const rate = new Rate('rate');
const trend = new Trend('trend');
export const options = {
  thresholds: {
    counter: ['count==6', 'count!=6', 'count>5', 'count>=7', 'count<7', 'count<=5', 'count===6', 'rate>0'],
    gauge: ['value==2', 'value<2', 'value > 1.5'],
    rate: ['rate==0.5', 'rate>0.5', 'rate >= 0.5'],
    trend: ['avg==2', 'min<1', 'min>=1', 'max<=3', 'med<2.1', 'p(50)>1.9', 'p(99)>3', 'p(0)==1', 'p(100)==3', ' p(90) < 2.9 ', 'max<1e3', 'max<0.5e1'],
  },
};
export default function () {
  for (const n of [1, 2, 3]) {
    counter.add(n);
    trend.add(n);
  }
  gauge.add(9);
  gauge.add(2);
  rate.add(1);
  rate.add(0);
}
