// Tags of a sample: their types, and those that are refused.
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
const tags = {
  text: { t: 'x' }, empty: { t: '' }, number: { t: 1.5 }, flag: { t: true }, nul: { t: null }, undef: { t: undefined },
  object: { t: {} }, array: { t: [1] }, fn: { t: () => 1 }, none: {}, 'null': null, 'undefined': undefined, text2: 'text',
  system: { group: 'mine', scenario: 'mine', name: 'n' }, unicode: { 'ключ': 'значение' }, symbol: { t: Symbol('s') },
};
export default function () {
  for (const [name, value] of Object.entries(tags)) {
    try {
      console.log(name, String(counter.add(1, value)));
    } catch (error) {
      console.log(name, error.name, error.message);
    }
  }
}
