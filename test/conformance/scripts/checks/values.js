// What check counts as passed, and what it gives back.
import { check } from 'k6';

const conditions = {
  'true': true, 'false': false, one: 1, zero: 0, text: 'x', 'empty text': '', 'null': null, 'undefined': undefined,
  object: {}, array: [], nan: NaN,
};

export default function () {
  for (const [name, value] of Object.entries(conditions)) {
    console.log(name, check(null, { [name]: value, [`function ${name}`]: () => value }));
  }
  console.log(check('v', { 'gets the value': (v) => v === 'v', 'and no more': (...args) => args.length === 1 }));
  console.log(check(1, {}), check(undefined, { u: (v) => v === undefined }));
  console.log(check(1, { 'with tags': () => true }, { a: 'x', n: 1, b: false }));
  console.log(check(2, { 'same name': (v) => v === 1 }), check(1, { 'same name': (v) => v === 1 }));
}
