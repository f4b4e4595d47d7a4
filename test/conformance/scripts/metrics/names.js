// Which names a metric may have; the same name twice.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const long = 'n'.repeat(128);
const names = ['ok', '_x', 'a', '', '1abc', 'with space', 'with-dash', 'dot.ted', 'ünicode', 'UPPER_9', long, `${long}x`, undefined, null, 7];
const results = [];
for (const name of names) {
  try {
    results.push(`${String(name).slice(0, 12)} ${new Counter(name).name === name}`);
  } catch (error) {
    results.push(`${String(name).slice(0, 12)} ${error.name} ${error.message.slice(0, 200)}`);
  }
}
const attempts = {
  'same again': () => new Counter('ok').name,
  'other type': () => new Gauge('ok').name,
  'a trend': () => new Trend('trend').name,
  'trend as time': () => new Trend('trend', true).name,
  builtin: () => new Counter('http_reqs').name,
  'builtin of another type': () => new Rate('http_reqs').name,
  'without new': () => Counter('plain').name,
};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    results.push(`${name} ${attempt()}`);
  } catch (error) {
    results.push(`${name} ${error.name} ${error.message}`);
  }
}
export default function () {
  for (const line of results) console.log(line);
}
