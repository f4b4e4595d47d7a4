// Which values each type takes, and what it makes of them.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const metrics = { counter: new Counter('counter'), gauge: new Gauge('gauge'), rate: new Rate('rate'), trend: new Trend('trend') };
const values = {
  one: 1, zero: 0, negative: -1, fraction: 0.5, 'true': true, 'false': false, 'text 5': '5', 'text 0': '0', text: 'abc', 'empty text': '',
  'null': null, 'undefined': undefined, nan: NaN, object: {}, array: [3], date: new Date(5), big: 2n,
};

export default function () {
  for (const [type, metric] of Object.entries(metrics)) {
    for (const [name, value] of Object.entries(values)) {
      let outcome;
      try {
        outcome = String(metric.add(value, { value: name }));
      } catch (error) {
        outcome = `${error.name} ${error.message}`;
      }
      console.log(type, name, outcome);
    }
    try {
      console.log(type, 'nothing', metric.add());
    } catch (error) {
      console.log(type, 'nothing', error.name, error.message);
    }
  }
}
