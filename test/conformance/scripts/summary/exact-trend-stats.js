// The statistics of trends as handleSummary gets them, to the last bit.
import { Trend } from 'k6/metrics';
const stats = ['avg', 'min', 'med', 'max', 'count', 'p(0)', 'p(10)', 'p(29)', 'p(33.333)', 'p(57)', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'p(100)'];
export const options = { summaryTrendStats: stats };
const sizes = [1, 2, 3, 7, 20, 64];
const trends = sizes.map((size) => new Trend(`of_${size}`));
const signed = new Trend('signed', true);
const repeated = new Trend('repeated');
let state = 12345;
function random() {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}
export default function () {
  sizes.forEach((size, k) => {
    for (let n = 0; n < size; n++) trends[k].add(random());
  });
  for (let n = 0; n < 33; n++) signed.add((random() - 0.5) * 1e3);
  for (let n = 0; n < 700; n++) repeated.add(Math.floor(random() * 37) / 10);
}
export function handleSummary({ metrics }) {
  for (const name of [...sizes.map((size) => `of_${size}`), 'signed', 'repeated']) {
    for (const stat of stats) {
      const bits = new Uint32Array(new Float64Array([metrics[name].values[stat]]).buffer);
      console.log(name, stat, bits[1].toString(16), bits[0].toString(16));
    }
  }
  return {};
}
