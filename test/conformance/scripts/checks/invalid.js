// What check and group refuse.
import { check, group } from 'k6';

const attempts = {
  'no conditions': () => check(1),
  'null conditions': () => check(1, null),
  'text conditions': () => check(1, 'text'),
  'array conditions': () => check(1, [() => true]),
  'name with ::': () => check(1, { 'a::b': () => true }),
  'empty name': () => check(1, { '': () => true }),
  'async condition': () => check(1, { later: async () => false }),
  'promise condition': () => check(1, { promised: Promise.resolve(false) }),
  'text tags': () => check(1, { ok: () => true }, 'text'),
  'object tag': () => check(1, { ok: () => true }, { a: {} }),
  'null tags': () => check(1, { ok: () => true }, null),
  'no arguments': () => check(),
  'group without function': () => group('g'),
  'group with text': () => group('g', 'text'),
  'group without name': () => group(undefined, () => 'value'),
  'group named ""': () => group('', () => 'value'),
  'group with ::': () => group('a::b', () => 'value'),
  'async group': () => group('later', async () => 'value'),
};

export default function () {
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      console.log(name, '->', String(attempt()));
    } catch (error) {
      console.log(name, '!!', error.name, error.message);
    }
  }
}
