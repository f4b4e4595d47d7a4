// A percentile to the letter ends the run while it goes on.
import { sleep } from 'k6';
import { Trend } from 'k6/metrics';
const trend = new Trend('trend');
export const options = {
  duration: '8s',
  thresholds: { trend: [{ threshold: 'p(90)!=2.8', abortOnFail: true }, 'med==2'] },
};
export default function () {
  if (__ITER === 0) for (const n of [1, 2, 3]) trend.add(n);
  sleep(20);
}
