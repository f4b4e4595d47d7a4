// conformance: {"args":["-v"]}
// How console writes each kind of value, and at which level.
export default function () {
  console.debug('debug');
  console.info('info');
  console.warn('warn');
  console.error('error');
  console.log();
  console.log('');
  console.log('a', 1, true, null, undefined, NaN, -0, 1e21, 10n);
  console.log([1, 'a', null, undefined, [2, [3, [4]]]], { a: 1, b: 'x', c: null, d: undefined, 'e-f': { g: [] } }, {}, []);
  console.log(() => 1, function named() {}, class C {}, Symbol('s'));
  console.log(new Date(0), /x/g, new Error('e'), new TypeError('t'), new Map([['a', 1]]), new Set([1]));
  console.log(new Uint8Array([1, 2]), new ArrayBuffer(2), new Float64Array([0.5]));
  const loop = { name: 'loop' };
  loop.self = loop;
  console.log(loop, [loop]);
  console.log('%s %d', 'no format', 1);
  console.log({ toString: () => 'custom', toJSON: () => 'json' }, Object.create(null), Object.create({ inherited: 1 }));
  console.log('line\nbreak "quoted" back\\slash \t tab \u0001 é €');
  console.log(new (class Point { constructor() { this.x = 1; } })(), [, 1], new Array(3), Promise.resolve(1));
  console.log({ f() {}, s: Symbol('k'), date: new Date(0), error: new Error('inner'), nested: { fn: () => 1 } });
  console.log(new String('boxed'), Object(1), [new Date(0)], { u: new Uint8Array(2) });
  console.log(JSON.stringify({ a: [1, { b: 2 }] }), typeof console.table);
}
