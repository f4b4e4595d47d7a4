// Calls that wait in every corner of an expression, and the order in which they happen.
import http from 'k6/http';

const seen = [];
const say = (name, value = name) => {
  http.get(`${__ENV.BASE_URL}/status/200`);
  seen.push(name);
  return value;
};
const take = () => seen.splice(0).join(' ');

function defaults(a = say('default a', 1), { b = say('default b', 2), ...rest } = {}, [c = say('default c', 3)] = []) {
  return [a, b, c, Object.keys(rest)];
}

const tag = (strings, ...values) => `${strings.raw.join('|')} ${values.join(',')}`;

export default function () {
  console.log(say('a', 1) + say('b', 2) * say('c', 3), take());
  console.log(say('l', false) && say('r'), say('l', 0) || say('r'), say('l', null) ?? say('r'), take());
  console.log(say('test', true) ? say('then') : say('else'), take());
  const object = { [say('key')]: say('value'), ...say('spread', { s: 1 }), m() { return say('method'); } };
  console.log(object.m(), JSON.stringify(object), take());
  console.log([say('e1'), ...say('e2', [1, 2]), say('e3')].length, take());
  console.log(say('receiver', { f: (x, y) => `${x}${y}` }).f(say('x'), say('y')), take());
  console.log(say('maybe', null)?.f(say('never')), say('obj', { f: () => 'called' })?.f?.(say('arg')), take());
  console.log(`${say('t1')} and ${say('t2')}`, tag`x${say('g1')}y${say('g2')}`, take());
  let n = 1;
  n += say('add', 2);
  n **= say('power', 2);
  let maybe = null;
  maybe ??= say('nullish', 7);
  maybe &&= say('and', 8);
  maybe ||= say('or', 9);
  console.log(n, maybe, take());
  const target = { list: [0, 0] };
  say('left', target).list[say('index', 1)] = say('right', 5);
  console.log(JSON.stringify(target), take());
  console.log(typeof say('typeof'), -say('minus', 3), !say('not', true), void say('void'), take());
  console.log(delete say('delete', { p: 1 }).p, say('in', 'p') in say('object', { p: 1 }), take());
  console.log((say('comma 1'), say('comma 2')), take());
  console.log(defaults(), defaults(9, { b: 8, z: 1 }, [7]), take());
  const { [say('k', 'p')]: picked, q = say('q') } = say('source', { p: 'P' });
  console.log(picked, q, take());
  let x;
  let y;
  [x, y = say('y')] = [say('first'), undefined];
  [x, y] = [y, x];
  console.log(x, y, take());
  console.log(new (say('class', class { constructor(v) { this.v = v; } }))(say('argument')).v, take());
  console.log(Math.max(say('m1', 1), say('m2', 2)), say.apply(null, [say('applied', 'x')]), take());
  const before = seen.length;
  console.log(before + say('late', 1), seen.length);
}
