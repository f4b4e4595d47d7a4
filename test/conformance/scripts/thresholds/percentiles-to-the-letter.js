// Percentiles compared for equality.
import { Trend } from 'k6/metrics';
const trend = new Trend('trend');
export const options = { thresholds: { trend: ['med==2', 'p(90)==2.8', 'max==3'] } };
export default function () {
  for (const n of [1, 2, 3]) trend.add(n);
}
