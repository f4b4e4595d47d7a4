// Percentiles of tagged parts of a trend, and of the whole of it, compared for equality.
import { group } from 'k6';
import { Trend } from 'k6/metrics';
const trend = new Trend('trend');
const figures = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];
const expected = {
  'trend': [5.5, 1, 5.5, 10, 9.1, 9.55],
  'trend{kind:odd}': [5, 1, 5, 9, 8.2, 8.6],
  'trend{kind:even}': [6, 2, 6, 10, 9.2, 9.6],
  'trend{kind:odd,third:yes}': [6, 3, 6, 9, 8.4, 8.7],
  'trend{third:yes}': [6, 3, 6, 9, 8.4, 8.7],
  'trend{kind:none}': [0, 0, 0, 0, 0, 0],
  'trend{group:::inside}': [6, 3, 6, 9, 8.4, 8.7],
  'trend{scenario:default}': [5.5, 1, 5.5, 10, 9.1, 9.55],
};
export const options = { thresholds: {} };
for (const [name, values] of Object.entries(expected)) {
  options.thresholds[name] = figures.map((figure, k) => `${figure}==${values[k]}`);
}
export default function () {
  for (let n = 10; n > 0; n--) {
    const kind = n % 2 === 1 ? 'odd' : 'even';
    if (n % 3 === 0) group('inside', () => trend.add(n, { kind, third: 'yes' }));
    else trend.add(n, { kind });
  }
}
