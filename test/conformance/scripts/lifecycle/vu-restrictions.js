// What only the init context allows.
import { Counter, Gauge } from 'k6/metrics';
import { SharedArray } from 'k6/data';

const attempts = {
  counter: () => new Counter('late'),
  gauge: () => new Gauge('late_gauge'),
  array: () => new SharedArray('late', () => [1]),
  open: () => open('./file.txt'),
  require: () => require('k6/http'),
};

export default function () {
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      attempt();
      console.log(name, 'allowed');
    } catch (error) {
      console.log(name, error.name, error.message);
    }
  }
}
