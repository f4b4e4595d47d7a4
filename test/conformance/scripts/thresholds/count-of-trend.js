// A threshold on how many samples a trend has.
import { Trend } from 'k6/metrics';
const trend = new Trend('trend');
export const options = { thresholds: { trend: ['count==3'] } };
export default function () {
  for (const n of [1, 2, 3]) trend.add(n);
}
