// conformance: {"args":["--throw"]}
// With --throw an invalid value is an exception.
import { Counter, Trend } from 'k6/metrics';
const counter = new Counter('counter');
const trend = new Trend('trend');
export default function () {
  for (const value of ['abc', null, undefined, NaN, -1]) {
    for (const metric of [counter, trend]) {
      try {
        console.log(String(value), metric.add(value));
      } catch (error) {
        console.log(String(value), error.name, error.message);
      }
    }
  }
}
