// SharedArray: what it looks like, what it refuses.
import { SharedArray } from 'k6/data';
const list = new SharedArray('list', () => [{ n: 1, nested: { list: [1, 2] } }, 'text', 3, null, [4, 5], new Date(0)]);
const same = new SharedArray('list', () => ['never called']);
const refused = [];
for (const [name, attempt] of Object.entries({
  'no array': () => new SharedArray('x1', () => 'text'),
  object: () => new SharedArray('x2', () => ({ length: 1 })),
  nothing: () => new SharedArray('x3', () => {}),
  throws: () => new SharedArray('x4', () => { throw new Error('inside'); }),
  'no name': () => new SharedArray('', () => []),
  'no function': () => new SharedArray('x5'),
  async: () => new SharedArray('x6', async () => []),
  'without new': () => SharedArray('x7', () => []),
  empty: () => new SharedArray('x8', () => []).length,
})) {
  try {
    refused.push(`${name} -> ${String(attempt())}`);
  } catch (error) {
    refused.push(`${name} !! ${error.name} ${error.message}`);
  }
}
export default function () {
  for (const line of refused) console.log(line);
  console.log(list.length, same.length, list[0].n, list[1], list[2], list[3], list[5], list[99], list[-1]);
  console.log(Array.isArray(list), list instanceof Array, typeof list, Object.keys(list).length, '0' in list, JSON.stringify(list));
  console.log([...list].length, list.map((x) => typeof x), list.filter((x) => x).length, list.indexOf('text'), list.slice(1, 3));
  console.log(list.find((x) => x?.n === 1).nested.list, list.at?.(-1), list.includes(3), list.join('|').length, list.concat([1]).length);
  for (const item of list) if (item === 3) console.log('of', item);
  list.forEach((item, index) => index === 1 && console.log('forEach', item));
  for (const index in list) if (index === '1') console.log('in', index);
  for (const [name, write] of Object.entries({
    element: () => { list[0] = 1; },
    push: () => list.push(1),
    length: () => { list.length = 0; },
    property: () => { list[0].n = 5; return list[0].n; },
    nested: () => { list[0].nested.list.push(3); return list[0].nested.list.length; },
    sort: () => list.sort(),
    delete: () => delete list[0],
    own: () => { list.own = 1; return list.own; },
  })) {
    try {
      console.log(name, 'allowed', write());
    } catch (error) {
      console.log(name, error.name, error.message);
    }
  }
  console.log(list.length, list[0] === list[0], Object.isFrozen(list[0]));
}
