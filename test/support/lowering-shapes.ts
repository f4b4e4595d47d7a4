/**
 * Scripts for the differential test, by what they try: each is the body of a default function, sometimes with code
 * before it. `log` adds to the trace, `http.get(n)` waits and answers with status 200 + n, "boom" throws.
 */

export interface Shape {
  readonly title: string;
  readonly body: string;
  readonly top?: string;
  /** "async function" for an async default function. */
  readonly keyword?: string;
}

/** Shapes whose trace may differ: a sort that can wait compares other pairs, and more or fewer of them. */
export const freeTraces: ReadonlySet<string> = new Set([
  "sort is stable and by number",
  "toSorted",
]);

function shapes(list: readonly (readonly [string, string, string?, string?])[]): Shape[] {
  return list.map(([title, body, top, keyword]) => ({
    title,
    body,
    ...(top === undefined ? {} : { top }),
    ...(keyword === undefined ? {} : { keyword }),
  }));
}

const statements = shapes([
  ["a plain call", "return http.get(1).status"],
  ["a call as argument of a call", "const f = (x) => http.get(x).id + 1; return f(f(f(1)))"],
  ["operands in order", "return http.get(1).id - http.get(2).id * http.get(3).id"],
  ["an error caught", 'try { http.get("boom") } catch (e) { log(e.message); return "caught" }'],
  ["an error not caught", 'log("a"); http.get("boom"); log("b")'],
  ["finally after a wait", 'try { return http.get(1).id } finally { log("f"); http.get(2) }'],
  [
    "finally that overrules a return",
    "for (;;) { try { return http.get(1).id } finally { http.get(2); break } } log(3)",
  ],
  [
    "finally that continues",
    "let n = 0; for (;;) try { if (n > 2) break; return 1 } finally { n++; http.get(n); continue } return n",
  ],
  [
    "return in try, wait in finally",
    "const f = () => { try { return 1 } finally { http.get(1) } }; return f()",
  ],
  [
    "catch that rethrows",
    'try { try { http.get("boom1") } finally { log(1) } } catch ({ message }) { return message }',
  ],
  [
    "a nested try in a catch",
    'try { http.get("boom1") } catch { try { http.get("boom2") } catch (e) { return e.message } }',
  ],
  ["a throw of a value", "try { throw http.get(4) } catch (r) { return r.id }"],
  ["if, else", "if (http.get(1).id > 1) log(1); else if (http.get(2).id) log(2); else log(3)"],
  ["while with a wait in the test", "let n = 0; while (http.get(n).id < 3) n++; return n"],
  ["do while", "let n = 0; do { n += http.get(1).id } while (n < 3); return n"],
  [
    "for with waits in all parts",
    "let s = ''; for (let i = http.get(0).id; i < http.get(3).id; i += http.get(1).id) s += i; return s",
  ],
  [
    "closures of a for",
    "const fs = []; for (let i = 0; i < 3; i++) { http.get(i); fs.push(() => i) } return fs.map((f) => f())",
  ],
  ["for in", "const o = { a: 1, b: 2 }; for (const k in o) log(k, http.get(o[k]).id)"],
  [
    "for of with destructuring",
    "for (const { a, b = http.get(5).id } of [{ a: 1 }, { a: 2, b: 3 }]) log(a, b)",
  ],
  [
    "for of over a map",
    "const m = new Map([[1, 'x'], [2, 'y']]); for (const [k, v] of m) log(v, http.get(k).id)",
  ],
  ["for of that breaks", "for (const x of [1, 2, 3]) { if (http.get(x).id === 2) break; log(x) }"],
  ["for of into a member", "const o = {}; for (o.x of [1, 2]) http.get(o.x); return o"],
  [
    "for of into a pattern",
    "let a, b; for ({ a, b } of [{ a: 1, b: 2 }]) http.get(a); for ([a] of [[9]]) http.get(a); return [a, b]",
  ],
  [
    "labels",
    "outer: for (const a of [1, 2, 3]) { for (const b of [1, 2, 3]) { if (http.get(a * b).id === 4) continue outer; if (a === 3) break outer; log(a, b) } }",
  ],
  ["a labelled block", "done: { if (http.get(1).id) break done; log('no') } return 'end'"],
  [
    "switch with waits in cases",
    "const f = (x) => { switch (http.get(x).id) { case http.get(1).id: log('one'); case 2: log('two'); break; default: return http.get(9).id } return 0 }; return [f(1), f(2), f(3)]",
  ],
  [
    "switch with lexical names",
    "switch (1) { case 1: let y = http.get(1).id; const g = () => y; return g() }",
  ],
  ["ternaries", "return http.get(0).id ? http.get(1).id : http.get(2).id ? 3 : http.get(4).id"],
  [
    "short circuits",
    "log(http.get(0).id && http.get(1).id, http.get(1).id || http.get(2).id, null ?? http.get(3).id, http.get(4).id ?? http.get(5))",
  ],
  [
    "assignment operators",
    "let a = 1; a += http.get(2).id; a *= http.get(3).id; let b; b ??= http.get(4).id; b ||= http.get(5).id; b &&= http.get(6).id; return [a, b]",
  ],
  [
    "assignment target before value",
    "const o = []; const k = () => (log('k'), 0); o[k()] = http.get(1).id; o[http.get(1).id] = k(); return o",
  ],
  [
    "compound assignment reads first",
    "let x = 1; const f = () => { http.get(1); x = 10; return 5 }; x += f(); return x",
  ],
  [
    "update of a member",
    "const o = { n: 1 }; const f = () => { http.get(1); return o }; f().n++; --f().n; f().n += http.get(5).id; return o.n",
  ],
  ["template literal", "return `a${http.get(1).id}b${`c${http.get(2).id}`}d`"],
  [
    "tagged template",
    "const tag = (s, ...v) => s.raw.join('|') + v.map((x) => http.get(x).id); return tag`a${1}\\n${2}`",
  ],
  [
    "a tag that is a method",
    "const o = { p: 3, t(s, v) { return this.p + http.get(v).id } }; return o.t`x${4}`",
  ],
  [
    "spread of arguments",
    "const f = (...a) => a.map((x) => http.get(x).id); return f(...[1, 2], http.get(3).id, ...new Set([4]))",
  ],
  [
    "spread in literals",
    "return [[0, ...http.get(3).json().items], { ...http.get(4).json(), id: 0 }]",
  ],
  [
    "destructuring",
    "const { status, json: j, z = http.get(8).id, ...rest } = http.get(1); const [a, , b = http.get(2).id] = [1]; return [status, typeof j, z, Object.keys(rest), a, b]",
  ],
  [
    "destructuring assignment",
    "let a, o = {}; ({ a = http.get(1).id, b: o.x, ['c' + http.get(2).id]: o.y = 5 } = { b: 2 }); [a, ...o.r] = [a, 3, 4]; return [a, o]",
  ],
  [
    "computed keys",
    "return { [http.get(1).id]: http.get(2).id, ['x' + http.get(3).id]() { return 1 } }",
  ],
  ["sequence", "return (log(1), http.get(1), log(2), http.get(2).id)"],
  ["comma in return", "const f = () => { return log(0), http.get(1), http.get(2).id }; return f()"],
  [
    "void, typeof, delete, in",
    "const o = { a: 1 }; return [void http.get(1), typeof http.get(2), delete http.get(3).id, 'id' in http.get(4), http.get(5) instanceof Object]",
  ],
  [
    "lines that end without semicolons",
    "let a = 1\nlet b = a\nhttp.get(1)\n;[1].map((x) => http.get(x))\nhttp.get(2)\nlog(b)\nreturn a",
  ],
  [
    "a directive and an empty body",
    "'use x'; const f = function () { 'use y'; return http.get(1).id }; const g = () => {}; g(); return f()",
  ],
  [
    "names with a dollar",
    "const $r = 1, $s = 2, $S = 3; const $run = (x) => http.get(x).id; return [$r, $s, $S, $run(4)]",
  ],
  ["sleep gives undefined", "return [sleep(1), typeof sleep(0)]"],
  [
    "check and group",
    "const r = group('g', () => { const r = http.get(1); return check(r, { ok: (x) => x.status === 201, bad: (x) => http.get(2).id === 1 }) && r }); return r",
  ],
  [
    "a group that throws",
    "try { group('a', () => group('b', () => http.get('boom'))) } catch (e) { return e.message }",
  ],
  [
    "a check that throws",
    "try { check(1, { a: () => true, b: () => { throw new Error('x') }, c: () => log('c') }) } catch (e) { return e.message }",
  ],
  ["batch", "return http.batch([1, 2]).map((r) => r.status)"],
]);

const functions = shapes([
  ["recursion", "const f = (n) => n === 0 ? 0 : http.get(n).id + f(n - 1); return f(5)"],
  [
    "mutual recursion",
    "function even(n) { return n === 0 ? true : odd(n - 1) } function odd(n) { http.get(n); return n === 0 ? false : even(n - 1) } return even(5)",
  ],
  [
    "recursion in tail position",
    "function f(n, a) { return n === 0 ? http.get(a).id : f(n - 1, a + n) } return f(5, 0)",
  ],
  [
    "a function used before it is declared",
    "return f(); function f() { return g() } function g() { return http.get(1).id }",
  ],
  [
    "closures over a changing variable",
    "let n = 0; const inc = () => { n += http.get(1).id; return n }; inc(); inc(); return n",
  ],
  [
    "four functions deep",
    "const a = () => { const b = () => { const c = () => { const d = () => http.get(4).id + 1; return d() + 1 }; return c() + 1 }; return b() + 1 }; return a()",
  ],
  [
    "default parameters in order",
    "const f = (a = log(1), b = (log(2), http.get(2).id), c = log(3)) => b; return f()",
  ],
  [
    "defaults see earlier parameters",
    "function f(a, b = http.get(a).id, c = a + b) { return [a, b, c] } return [f(1), f(1, 2), f(1, undefined, 5), f.length]",
  ],
  [
    "a destructured parameter with a default",
    "const f = ({ a, b = http.get(a).id } = {}, [c = http.get(3).id] = [], ...d) => [a, b, c, d]; return [f({ a: 1 }), f(undefined, [2], 8, 9), f.length]",
  ],
  ["a default function that waits", "const f = (g = (x) => http.get(x).id) => g(3); return f()"],
  [
    "arguments with a default",
    "function f(a, b = http.get(2).id) { return [arguments.length, arguments[0], b] } return f(1)",
  ],
  [
    "arguments",
    "function f() { http.get(1); return [...arguments].map((x) => http.get(x).id) } return f(1, 2)",
  ],
  [
    "var that declares a parameter again",
    "function f(o) { var o = o || {}; var p = o.x, q; http.get(1); return [o, p, q] } return [f(), f({ x: 2 })]",
  ],
  [
    "var that declares a parameter in a loop",
    "function f(k, o) { for (var k in o) http.get(o[k]); for (var k of [7]) http.get(k); for (var k = 0, m = 5; k < 1; k++) http.get(m); return [k, m] } return f(1, { a: 1 })",
  ],
  [
    "var that declares a pattern again",
    "function f(o) { var { a, o } = { a: http.get(1).id, o: 3 }, c = a + o; return [a, o, c] } return f({})",
  ],
  [
    "var and function of one name",
    "function f() { var g; function g() { return http.get(1).id } var h = g(); return h } return f()",
  ],
  [
    "two functions of one name",
    "function f() { function g() { return 1 } http.get(1); function g() { return http.get(2).id } return g() } return f()",
  ],
  [
    "undefined as a parameter",
    "return (function (undefined) { return http.get(undefined).id })(3)",
  ],
  [
    "a named function expression",
    "const f = function fact(n) { return n < 2 ? http.get(1).id : n * fact(n - 1) }; return [f(4), f.name]",
  ],
  [
    "names and lengths",
    "const f = (a, b) => http.get(a), o = { m(x) { http.get(x) }, async n() { http.get(1) } }; return [f.name, f.length, o.m.name, o.n.name, (function g(a, b = 1) { http.get(1) }).length]",
  ],
  [
    "higher-order functions",
    "const twice = (f) => (x) => f(f(x)); const add = (x) => x + http.get(1).id; return twice(twice(add))(0)",
  ],
  [
    "compose",
    "const compose = (...fs) => (x) => fs.reduceRight((v, f) => f(v), x); return compose((x) => x + 1, (x) => http.get(x).id * 2, (x) => x + 3)(1)",
  ],
  ["currying", "const c = (a) => (b) => (d) => http.get(a + b + d).id; return c(1)(2)(3)"],
  [
    "memoisation",
    "const memo = (f) => { const m = new Map(); return (k) => { if (!m.has(k)) m.set(k, f(k)); return m.get(k) } }; const g = memo((k) => http.get(k).id); return [g(1), g(1), g(2)]",
  ],
  [
    "an immediately called function",
    "return (function () { const x = http.get(1).id; return (() => x + http.get(2).id)() })()",
  ],
  [
    "call and apply",
    "function f(a, b) { return [this.k, http.get(a).id, b] } return [f.call({ k: 1 }, 2, 3), f.apply({ k: 4 }, [5, 6]), Reflect.apply(f, { k: 7 }, [8, 9])]",
  ],
  [
    "bind",
    "function f(a, b) { return [this.k, http.get(a).id, b] } const g = f.bind({ k: 1 }, 2); return [g(3), g.bind(null, 4)(), new (function F(x) { this.r = http.get(x).id }.bind(null, 5))().r]",
  ],
  [
    "functions in objects",
    "const h = { ping: () => http.get(1).id, nested: { pong: () => http.get(2).id } }; return ['ping'].map((k) => h[k]()).concat(h.nested.pong(), h['ping']())",
  ],
  [
    "functions in arrays",
    "const fs = [() => http.get(1).id, (x) => http.get(x).id]; const [a, ...b] = fs; return [fs[0](), fs[1](2), a(), b[0](3), fs.map((f) => f(4)), fs.at(-1)(5)]",
  ],
  [
    "functions in maps",
    "const m = new Map([['a', () => http.get(1).id]]); const o = Object.entries({ b: () => http.get(2).id }); return [m.get('a')(), o[0][1](), Object.values({ c: () => http.get(3).id })[0]()]",
  ],
  [
    "a function from a call",
    "const make = () => ({ run: () => http.get(1).id }); return make().run() + (true && make)().run()",
  ],
  [
    "an aliased primitive",
    "const g = http.get; const { post: p } = http; const o = { http }; const m = 'get'; return [g(1).id, p(2, 'x').id, o.http.get(3).id, http[m](4).id]",
  ],
  [
    "a primitive as a value",
    "const run = (client, f) => f(client.get(1)); return [run(http, (r) => r.id), [1, 2].map(http.get).length]",
  ],
  ["a method of a response", "return http.get(1).submitForm('f').status"],
  [
    "promise returned as a value",
    "function f() { http.get(1); return Promise.resolve(5) } const p = f(); return [p instanceof Promise, typeof p.then]",
  ],
  [
    "thenable returned as a value",
    "function f() { http.get(1); return { then: 5, id: 1 } } const g = () => { http.get(2); return { then() { log('no') } } }; return [f(), typeof g().then]",
  ],
  [
    "a stack overflow",
    "let n = 0; function f() { n++; return 1 + f(http) } try { f() } catch (e) { return [e instanceof RangeError, n > 100] }",
  ],
  [
    "a getter on an object",
    "const o = { get v() { return http.get(1).id }, w: 2 }; return o.v + o.w + o['v']",
  ],
  [
    "a getter on a class",
    "class A { #n = 3; get v() { return http.get(this.#n).id } static get s() { return http.get(4).id } } const a = new A(); return [a.v, A.s, a?.v, `${a.v}`]",
  ],
]);

const classes = shapes([
  [
    "methods",
    "class A { constructor(n) { this.n = n } m(x) { return http.get(this.n + x).id } static s(x) { return http.get(x).id } } return [new A(1).m(2), A.s(3)]",
  ],
  [
    "private names",
    "class A { #n = 1; #p(x) { return http.get(x + this.#n).id } static #q(x) { return http.get(x).id } m(x) { return this.#p(x) + A.#q(x) } has(o) { return #n in o } } const a = new A(); return [a.m(2), a.has(a), a.has({})]",
  ],
  [
    "inheritance and super",
    "class A { m(x) { return http.get(x).id } } class B extends A { m(x) { return super.m(x) + super['m'](x + 1) } } class C extends B { m(x) { const f = () => super.m(x); return f() * 2 } } return new C().m(1)",
  ],
  [
    "static inheritance",
    "class A { static s(x) { return http.get(x).id } } class B extends A { static s(x) { return super.s(x) + 1 } } return B.s(1)",
  ],
  [
    "super in an object literal",
    "const a = { m() { return http.get(1).id } }; const b = { __proto__: a, m() { return super.m() + 1 } }; return b.m()",
  ],
  [
    "a constructor that waits",
    "class A { constructor(u) { this.r = http.get(u).id; log(new.target === A) } } const a = new A(3); return [a.r, a instanceof A]",
  ],
  [
    "a constructor that returns an object",
    "class A { constructor(u) { http.get(u); if (u) return { own: u }; return } } return [new A(1), new A(0) instanceof A]",
  ],
  [
    "a derived class of a plain base",
    "class A { constructor() { this.a = 1 } } class B extends A { constructor(u) { const x = http.get(u).id; super(); this.b = x + this.a } f = 5 } const b = new B(2); return [b.a, b.b, b.f, b instanceof B]",
  ],
  [
    "a derived class without a constructor",
    "class A { constructor(u) { this.r = http.get(u).id } } class B extends A {} const b = new B(3); return [b.r, b instanceof B]",
  ],
  [
    "a derived constructor that returns",
    "class A {} class B extends A { constructor(u) { http.get(u); if (u) return { u }; super(); return undefined } } return [new B(1), new B(0) instanceof B]",
  ],
  [
    "a derived constructor that forgets super",
    "class A {} class B extends A { constructor() { http.get(1) } } try { new B() } catch (e) { return e.name }",
  ],
  [
    "a function constructor",
    "function F(u) { this.r = http.get(u).id } F.prototype.m = function (x) { return this.r + http.get(x).id }; const o = {}; F.call(o, 2); return [new F(1).m(5), o.r, new F(1) instanceof F]",
  ],
  [
    "a function constructor that returns",
    "function F(u) { if (!new.target) return 'plain'; http.get(u); return u ? { u } : 7 } return [new F(1), new F(0) instanceof F, F(3)]",
  ],
  [
    "a tail constructor",
    "function F() { return http.get(1).id } return [new F() instanceof F, F()]",
  ],
  [
    "new with spread and no arguments",
    "class A { constructor(...a) { this.a = a.map((x) => http.get(x).id) } } return [new A(...[1, 2]).a, new A().a, (new A).a]",
  ],
  [
    "new of a call's result",
    "const make = () => { http.get(1); return class { constructor(x) { this.x = http.get(x).id } } }; return new (make())(3).x",
  ],
  [
    "arrow in a field",
    "class A { f = (x) => http.get(x + this.n).id; n = 2; static g = () => http.get(9).id } return [new A().f(1), A.g()]",
  ],
  [
    "fields that do not wait",
    "const id = (x) => x; class A { a = id(1); static b = id(2); static { this.c = id(3) } } return [new A().a, A.b, A.c, http.get(1).id]",
  ],
  [
    "a setter that does not wait",
    "const o = { set v(x) { log(x); this.w = x } }; o.v = http.get(4).id; return o.w",
  ],
  [
    "computed and odd method names",
    "class A { ['a' + 1](x) { return http.get(x).id } 'b c'(x) { return http.get(x).id } 3(x) { return http.get(x).id } async *g() { yield 1 } } const a = new A(); return [a.a1(1), a['b c'](2), a[3](3)]",
  ],
  [
    "async methods of every form",
    "class A { async a(u) { return http.get(u).id } static async b(u) { return http.get(u).id } static async ['c'](u) { return http.get(u).id } async 'd'(u) { return http.get(u).id } async #e(u) { return http.get(u).id } e(u) { return this.#e(u) } } const a = new A(); const o = { async f(u) { return http.get(u).id }, async: 1, async async() { return http.get(8).id } }; return Promise.all([a.a(1), A.b(2), A.c(3), a.d(4), a.e(5), o.f(6), o.async()])",
  ],
  [
    "this in arrows of methods",
    "class A { n = 1; m() { return [1, 2].map((x) => http.get(x + this.n).id) } } return new A().m()",
  ],
  [
    "mixins",
    "const M = (B) => class extends B { m() { return http.get(super.m()).id } }; class A { m() { return http.get(1).id } } return new (M(M(A)))().m()",
  ],
  [
    "subclass of Array",
    "class L extends Array { sum() { return this.reduce((a, x) => a + http.get(x).id, 0) } } const l = L.from([1, 2, 3]); const m = l.map((x) => http.get(x).id); return [l.sum(), m instanceof L, m.length, l.filter((x) => http.get(x).id > 1) instanceof L]",
  ],
  [
    "an overridden array method",
    "class L extends Array { map(f) { log('mine'); return super.map((x) => x * 2).concat([f(9)]) } } return [...new L(1, 2).map((x) => http.get(x).id)]",
  ],
  [
    "instanceof by a method",
    "class A { static [Symbol.hasInstance]() { return true } } return [1 instanceof A, http.get(1).id]",
  ],
]);

const chains = shapes([
  [
    "a wait at the end of a chain",
    "const c = { get: http.get }; const n = null; return [c?.get(1).id, c?.get(2), n?.get(3), c.nope?.(http.get(4))].map((r) => r?.id ?? r)",
  ],
  [
    "a chain that goes on after a wait",
    "const c = http, n = null; return [c?.get(1).id, n?.get(1).id, c?.get(2)?.id, c?.get(3).json().items[http.get(1).id], n?.get(5)[http.get(6).id]]",
  ],
  [
    "null in the middle of a chain",
    "const o = { f: () => { http.get(1); return null } }; try { return o?.f().x } catch (e) { return e.name }",
  ],
  [
    "an optional call",
    "const o = { k: 2, f(x) { return { v: http.get(x + this.k).id } } }; return [o.f?.(1).v, o.g?.(http.get(9)).v, o?.f?.(2)?.v.toFixed(1), o.f?.(3)?.['v']]",
  ],
  [
    "an optional call in a longer chain",
    "const o = { a: { k: 1, f() { http.get(this.k); return { g(x) { return [http.get(x).id, this.k] }, k: 5 } } } }; return [o.a?.f?.().g(2)[0], o.a.f?.().g?.(3)[1], o?.b?.f().g(http.get(4)), o.a.f().g?.(7)?.length]",
  ],
  [
    "an optional call of super",
    "class A { m(x) { return { v: http.get(x).id } } } class B extends A { m(x) { return super.m?.(x).v } n() { return super.nope?.(http.get(1)).v } } const b = new B(); return [b.m(1), b.n()]",
  ],
  [
    "an optional call of a function",
    "const f = (x) => ({ v: http.get(x).id }), g = undefined; return [f?.(1).v, g?.(http.get(2)).v, (() => f)()?.(3).v]",
  ],
  [
    "a deleted chain",
    "const o = { f: () => (http.get(1), o.p), p: { x: 1, y: 2 } }; const n = null; return [delete o?.f().x, delete n?.f().x, o.p, delete o.f()?.y]",
  ],
  [
    "a chain in parentheses",
    "const o = { f: (x) => ({ v: http.get(x).id }) }, n = null; try { log((o?.f(1)).v); return (n?.f(2)).v } catch (e) { return e.name }",
  ],
  [
    "array methods in a chain",
    "const o = { l: [1, 2] }, n = {}; return [o.l?.map((x) => http.get(x).id).length, n.l?.map((x) => http.get(x)).length, o?.l.map((x) => http.get(x).id)?.filter((x) => http.get(x).id > 1)]",
  ],
  [
    "private names in a chain",
    "class A { #f = (x) => ({ v: http.get(x).id }); m(o) { return o?.#f(3).v } } const a = new A(); return [a.m(a), a.m(null)]",
  ],
]);

const callbacks = shapes([
  [
    "map, forEach, filter",
    "log([3, 1, 2].map((x, i, a) => [http.get(x).id, i, a.length])); [1, 2].forEach((x) => log(http.get(x).id)); return [1, 2, 3].filter((x) => http.get(x).id > 1)",
  ],
  [
    "find and its kin",
    "const p = (x) => http.get(x).id === 2; const a = [1, 2, 3]; return [a.find(p), a.findIndex(p), a.findLast(p), a.findLastIndex(p), a.find((x) => http.get(x).id > 9), a.findIndex((x) => http.get(x).id > 9)]",
  ],
  [
    "some and every",
    "return [[1, 2, 3].some((x) => http.get(x).id === 2), [1, 2].every((x) => http.get(x).id > 0), [0, 1].every((x) => http.get(x).id), [].some((x) => http.get(x)), [].every((x) => http.get(x))]",
  ],
  [
    "reduce with and without a seed",
    "const f = (a, x, i) => a + http.get(x).id * i; return [[1, 2, 3].reduce(f), [1, 2, 3].reduce(f, 10), [1, 2, 3].reduceRight(f), [1, 2].reduceRight(f, ''), [5].reduce(f), [].reduce(f, 1), [1, 2].reduce(f, undefined)]",
  ],
  ["reduce of nothing", "try { [].reduce((a, b) => http.get(b)) } catch (e) { return e.message }"],
  ["flatMap", "return [1, 2].flatMap((x) => x === 1 ? [http.get(x).id, [9]] : http.get(x).id)"],
  [
    "an array of a callback's arguments",
    "return [[1, 2], [3]].map((l) => l.map((x) => http.get(x).id))",
  ],
  [
    "sort is stable and by number",
    "const a = [3, 1, 2, 1].map((n, i) => ({ n, i })); const r = a.sort((x, y) => { sleep(0); return x.n - y.n }); return [r === a, a, [3, undefined, 1, , 2].sort((x, y) => { sleep(0); return y - x })]",
  ],
  ["toSorted", "const a = [2, 3, 1]; return [a.toSorted((x, y) => (sleep(0), x - y)), a]"],
  [
    "holes",
    "const a = [1, , 3]; const seen = []; a.forEach((x, i) => { http.get(x); seen.push(i) }); return [seen, a.map((x) => http.get(x).id), a.filter(() => true).length, a.find((x) => http.get(x).id === 0), a.reduce((s, x) => s + http.get(x).id, 0)]",
  ],
  [
    "an array that grows and shrinks",
    "const a = [1, 2]; const r = a.map((x) => { http.get(x); a.push(9); return x }); const b = [1, 2, 3]; b.forEach((x) => { http.get(x); b.pop() }); return [r, a.length, b]",
  ],
  [
    "thisArg",
    "const o = { k: 5 }; return [[1].map(function (x) { return http.get(x + this.k).id }, o), Array.from([2], function (x) { return http.get(x + this.k).id }, o)]",
  ],
  [
    "callbacks that throw",
    "try { [1, 2, 3].map((x) => { if (x === 2) throw new Error('two'); return http.get(x) }) } catch (e) { log(e.message) } try { ['a', 'boom'].forEach((u) => http.get(u)) } catch (e) { return e.message }",
  ],
  [
    "not a function",
    "try { [1].map(5) } catch (e) { log(e.message) } const nothing = undefined; try { [1].forEach(nothing) } catch (e) { return [e.message, http.get(1).id] }",
  ],
  [
    "Map and Set forEach",
    "new Map([[1, 2]]).forEach((v, k, m) => log(http.get(v).id, k, m.size)); const s = new Set([1, 2]); s.forEach((v, k) => { log(http.get(v).id, k); if (v === 1) s.add(3) }); return s.size",
  ],
  [
    "Array.from",
    "return [Array.from([1, 2], (x, i) => http.get(x + i).id), Array.from({ length: 2 }, (_, i) => http.get(i).id), Array.from('12', (c) => http.get(c).id), Array.from(new Set([1]))]",
  ],
  [
    "replace with a callback",
    "return ['a1b22'.replace(/\\d+/g, (m, o) => `<${http.get(m).id}@${o}>`), 'a1'.replace('1', (m) => http.get(m).id), 'x1y2'.replaceAll(/(?<d>\\d)/g, (...a) => http.get(a.at(-1).d).id), 'aa'.replaceAll('a', () => http.get(5).id), 'q'.replace('q', '$&$&')]",
  ],
  ["a named function as callback", "function f(x) { return http.get(x).id } return [1, 2].map(f)"],
  [
    "a callback through variables",
    "const each = (l, f) => l.forEach(f); const run = (cb) => each([1, 2], cb); const out = []; run((x) => out.push(http.get(x).id)); return out",
  ],
  [
    "own objects with such methods",
    "const o = { map(f) { return [f(1), f(2)] }, forEach(f) { f(3) }, then(f) { return f(4) } }; const r = []; o.forEach((x) => r.push(http.get(x).id)); return [o.map((x) => http.get(x).id), r, o.then((x) => http.get(x).id)]",
  ],
  [
    "objects without such methods",
    "const o = {}; try { o.map((x) => http.get(x)) } catch (e) { log(e.name) } try { null.map((x) => http.get(x)) } catch (e) { return e.name }",
  ],
  [
    "array-likes",
    "return [Array.prototype.map.call({ length: 2, 0: 1, 1: 2 }, (x) => x + 1), http.get(1).id, [].map.call('12', Number)]",
  ],
  [
    "nested array methods",
    "return [1, 2].map((a) => [3, 4].filter((b) => http.get(b).id > 3).reduce((s, c) => s + http.get(a + c).id, 0))",
  ],
  [
    "entries of an object",
    "return Object.fromEntries(Object.entries({ a: 1, b: 2 }).map(([k, v]) => [k, http.get(v).id]))",
  ],
  [
    "a callback with arguments object",
    "return [1, 2].map(function () { return http.get(arguments[0]).id + arguments.length })",
  ],
  [
    "join and other methods untouched",
    "return [1, 2].map((x) => http.get(x).id).join('-').split('-').reverse().includes('1')",
  ],
]);

const generators = shapes([
  [
    "a generator that does not wait",
    "function* g() { yield 1; yield* [2, 3] } const r = []; for (const x of g()) r.push(http.get(x).id); return [r, [...g()]]",
  ],
  [
    "a generator that waits",
    "function* g(n) { for (let i = 0; i < n; i++) { const r = http.get(i); yield r.id } return 9 } const out = []; for (const x of g(3)) out.push(x); return out",
  ],
  [
    "waits in generator and loop",
    "function* g() { log('a'); yield http.get(1).id; log('b'); yield http.get(2).id } for (const x of g()) log(x, http.get(x + 5).id)",
  ],
  [
    "delegation",
    "function* a() { yield http.get(1).id } function* b() { yield* a(); yield* a(); return 1 } function* c() { const r = yield* b(); yield r } const out = []; for (const x of c()) out.push(x); return out",
  ],
  [
    "a loop in a generator",
    "function* a() { yield http.get(1).id; yield 2 } function* b() { for (const x of a()) yield x * 2 } const out = []; for (const x of b()) out.push(x); return out",
  ],
  [
    "break closes the generator",
    "function* g() { try { yield http.get(1).id; yield 2 } finally { log('closed') } } for (const x of g()) { log(x); break }",
  ],
  [
    "an error in a generator",
    "function* g() { try { http.get('boom') } catch (e) { yield e.message } http.get('boom2') } try { for (const x of g()) log(x) } catch (e) { return e.message }",
  ],
  [
    "labelled continue in a generator's loop",
    "function* g() { yield http.get(1).id; yield http.get(2).id } o: for (const a of [1, 2]) for (const { id = 3, ...r } of [{}]) for (const x of g()) { log(a, x, id); continue o }",
  ],
  [
    "a generator method",
    "class A { n = 2; *items() { for (let i = 0; i < this.n; i++) yield http.get(i).id } *[Symbol.iterator]() { yield* this.items() } } const out = []; for (const x of new A()) out.push(x); return out",
  ],
  [
    "closing while a call that returns is pending",
    "function* g() { try { yield 1 } finally { log('closed') } } const f = () => { for (const x of g()) return http.get(x).id }; return f()",
  ],
  [
    "let in a generator's loop",
    "function* g() { yield http.get(1).id; yield http.get(2).id } const fs = []; for (let x of g()) { fs.push(() => x); x += 10 } return fs.map((f) => f())",
  ],
]);

const asyncs = shapes([
  [
    "an async default function",
    "const r = await http.asyncRequest('GET', 1); return [r.id, http.get(2).id]",
    "",
    "async function",
  ],
  [
    "the blocking prefix of an async function",
    "const h = async () => { http.get(1); log(1); await null; log(3) }; const p = h(); log(2); await p; return typeof p.then",
    "",
    "async function",
  ],
  [
    "await of a value, a promise, a thenable",
    "return [await 1, await Promise.resolve(2), await { then(f) { f(3) } }, await http.get(4).id]",
    "",
    "async function",
  ],
  [
    "async arrows",
    "const f = async (x) => http.get(x).id; const g = async (x = http.get(2).id, { y } = { y: 1 }) => { await null; return http.get(x + y).id }; return [await f(1), await g(), await Promise.all([f(3), f(4)])]",
    "",
    "async function",
  ],
  [
    "an async function that throws",
    "const f = async (x) => { if (x) http.get('boom'); await null; throw new Error('late') }; const r = []; for (const x of [1, 0]) { try { await f(x) } catch (e) { r.push(e.message) } } return r",
    "",
    "async function",
  ],
  [
    "a default that throws rejects",
    "const f = async (a = http.get('boom')) => a; const g = async ({ a }) => http.get(a); try { await f() } catch (e) { log(e.message) } const p = g(null); return p.catch((e) => e.name)",
    "",
    "async function",
  ],
  [
    "finally in an async function",
    "const f = async () => { try { await null; return http.get(1).id } finally { http.get(2); await null; log('f') } }; return f()",
    "",
    "async function",
  ],
  [
    "await in odd places",
    "const f = async (x) => { await null; return http.get(x).id }; return [`${await f(1)}`, (await f(2)) + (await f(3)), [await f(4)], { a: await f(5) }, (await f(6)) ? await f(7) : 0]",
    "",
    "async function",
  ],
  [
    "awaits in loops",
    "const out = []; for (const x of [1, 2]) { const v = await Promise.resolve(x); out.push(http.get(v).id) } for await (const x of [Promise.resolve(3), 4]) out.push(http.get(x).id); return out",
    "",
    "async function",
  ],
  [
    "serial by the baton",
    "await Promise.all([1, 2, 3].map(async (u) => { log('start', u); const r = http.get(u); log('end', u); return r.id }))",
    "",
    "async function",
  ],
  [
    "then with a callback that waits",
    "return Promise.resolve(1).then((x) => http.get(x).id).then((x) => { sleep(1); return x + 1 }).finally(() => { http.get(9) })",
  ],
  [
    "catch with a callback that waits",
    "return Promise.reject(new Error('x')).catch((e) => e.message + http.get(1).id)",
  ],
  [
    "then with both callbacks",
    "return Promise.reject(3).then(() => log('no'), (x) => http.get(x).id)",
  ],
  [
    "then that returns a promise",
    "return Promise.resolve(1).then((x) => { http.get(x); return Promise.resolve(x + 1) })",
  ],
  [
    "an executor that waits",
    "const p = new Promise((resolve, reject) => { log('in'); resolve(http.get(1).id); log('out') }); log('after'); return p",
  ],
  [
    "an executor that throws",
    "return new Promise(() => { http.get('boom') }).catch((e) => e.message)",
  ],
  [
    "an executor without a wait",
    "return new Promise((resolve) => { resolve(5) }).then((x) => http.get(x).id)",
  ],
  [
    "an async function without waits",
    "const plain = async (x) => { await null; return x + 1 }; http.get(1); return plain(2)",
  ],
  [
    "async recursion",
    "const f = async (n) => n === 0 ? 0 : http.get(n).id + (await f(n - 1)); return f(4)",
    "",
    "async function",
  ],
  [
    "async method with super",
    "class A { async m(x) { return http.get(x).id } } class B extends A { async m(x) { return (await super.m(x)) + 1 } } return new B().m(1)",
  ],
  [
    "async with this and arguments",
    "const o = { k: 1, async m() { http.get(this.k); await null; return [this.k, arguments.length, (() => arguments[1])()] } }; return o.m(5, 6)",
  ],
  [
    "an async generator",
    "async function* g() { yield http.get(1).id; await null; yield http.get(2).id } const out = []; for await (const x of g()) out.push(x, http.get(x + 5).id); return out",
    "",
    "async function",
  ],
  [
    "promise callbacks that do not wait, behind a function that does",
    "Promise.resolve().then(() => log('second')).finally(() => log('third')); http.get(1); log('first'); return 1",
  ],
  [
    "callbacks of a typed array",
    "const a = new Uint8Array([3, 1, 2]); a.forEach((x, i, all) => log([http.get(x).id, i, all.length])); return [a.map((x) => http.get(x).id + 1), a.filter((x) => http.get(x).id > 1), a.reduce((s, x) => s + http.get(x).id, 0), a.find((x) => http.get(x).id === 1), a.map((x) => x * 2)]",
  ],
  [
    "a promise kept beside blocking calls",
    "const p = http.asyncRequest('GET', 1); http.get(2); const r = await p; http.get(3); return r.id",
    "",
    "async function",
  ],
  [
    "await in a chain",
    "const o = { f: async (x) => ({ v: http.get(x).id }) }; return [(await o?.f(1)).v, (await o.f?.(2))?.v]",
    "",
    "async function",
  ],
  [
    "a returned promise that rejects",
    "const f = async () => { http.get(1); return Promise.reject(new Error('no')) }; try { return await f() } catch (e) { return e.message }",
    "",
    "async function",
  ],
]);

const modules = shapes([
  [
    "named exports and an object",
    "return api.login(1) + helper(2)",
    "export const api = { login: (u) => http.get(u).id }; export function helper(x) { return http.get(x).id }",
  ],
  [
    "globals of the script",
    "counter = (globalThis.counter ?? 0) + http.get(1).id; ({ x: shared, y = 5 } = { x: 2 }); for (last of [7]) http.get(last); const o = { counter, shared }; return [o, y, last, typeof counter, typeof missing, counter++, --shared, counter, [...(function* () { yield y })()]]",
  ],
  [
    "a missing global",
    "try { missing() } catch (e) { log(e.name, e.message) } try { http.get(missing) } catch (e) { return e.message }",
  ],
  [
    "Node is out of sight",
    "return [typeof process, typeof require, typeof Buffer, typeof setImmediate, typeof globalThis.process, http.get(1).id]",
  ],
  [
    "shadowed builtins",
    "const Promise = { resolve: (x) => http.get(x).id }, Array = { from: (x, f) => f(x) }; return [Promise.resolve(1), Array.from(2, (x) => http.get(x).id)]",
  ],
  [
    "a class as the constructor Promise",
    "return new Promise((x) => http.get(x)).v",
    "class Promise { constructor(f) { this.v = f(3).id } }",
  ],
  [
    "namespace and renamed imports",
    "return [ns.get(1).id, ns.default.get(2).id, g(3).id, nap(1)]",
    'import * as ns from "k6/http"; import { get as g } from "k6/http"; import k6, { sleep as nap } from "k6";',
  ],
  [
    "a function called at the top level",
    "return [base, http.get(1).id]",
    "const pick = (f) => f(); const base = pick(() => 5);",
  ],
  [
    "a comma call of an import",
    "return (0, http.get)(1).id + (0, ns.get)(2).id",
    'import * as ns from "k6/http";',
  ],
  [
    "modules that the bundler wrapped",
    "return [lib.default.load(1), new lib.default.Api(10).all, ns_exports.go(2), Object.keys(ns_exports)]",
    "var __commonJS = (cb, mod) => function __require2() { return mod || (0, cb[Object.keys(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports }; var __toESM = (mod) => ({ default: mod }); var __export = (target, all) => { for (var name in all) Object.defineProperty(target, name, { get: all[name], enumerable: true }) }; var require_lib = __commonJS({ 'lib.js'(exports, module) { exports.load = function (u) { return http.get(u).id }; class Api { constructor(b) { this.b = b } fetch(u) { return http.get(this.b + u).id } get all() { return [1, 2].map((u) => this.fetch(u)) } } module.exports.Api = Api; } }); var lib = __toESM(require_lib()); var ns_exports = {}; __export(ns_exports, { go: () => go }); var go = (u) => http.get(u).id;",
  ],
]);

const makers = shapes([
  [
    "a base constructor that waits",
    "const b = new B(1); log(b instanceof B, b instanceof A); return [b.t, b.f, Object.keys(b)]",
    "class A { constructor(u) { log('A', new.target.name); this.t = http.get(u).id; log('end A') } } class B extends A { constructor(u) { log('B'); super(u); log(this.t); this.f = http.get(2).id } }",
  ],
  [
    "three levels of constructors that wait",
    "return JSON.stringify(new C(1))",
    "class A { constructor(u) { this.a = http.get(u).id } } class B extends A { constructor(u) { super(u); this.b = http.get(u + 1).id } } class C extends B { constructor(u) { super(u); this.c = http.get(u + 2).id } }",
  ],
  [
    "a level between without a constructor",
    "return JSON.stringify([new C(1), new B(2)])",
    "class A { constructor(u) { this.a = http.get(u).id } } class B extends A {} class C extends B { c = this.a + 1; constructor(...x) { super(...x); log(this.c) } }",
  ],
  [
    "fields of a class with a base that waits",
    "const b = new B(); return [JSON.stringify(b), b.g.name, b.g()]",
    "class A { constructor() { this.f = 9; this.t = http.get(1).id } } class B extends A { f = this.t + 1; empty; g = () => this.f; 'quoted key' = 3; 7 = 4 }",
  ],
  [
    "an error of a base constructor",
    "try { new B() } catch (e) { log(e.message) } return 1",
    "class A { constructor() { http.get('boom') } } class B extends A { f = log('never') }",
  ],
  [
    "a caught error of super()",
    "return new B().x",
    "class A { constructor(u) { this.u = http.get(u).id } } class B extends A { constructor() { try { super('boom') } catch (e) { log(e.message); return { x: 6 } } this.x = this.u } }",
  ],
  [
    "super() in an arrow",
    "return new B().all",
    "class A { constructor(u) { this.u = http.get(u).id } } class B extends A { n = log('field') ?? 1; constructor() { const make = (u) => super(u); make(3); this.all = [this.u, this.n] } }",
  ],
  [
    "a wait in the arguments of super()",
    "return new B().u",
    "class A { constructor(u) { this.u = u } } class B extends A { f = 1; constructor() { super(http.get(4).id); log(this.f) } }",
  ],
  [
    "a base function that waits",
    "const b = new B(2); return [b.u, b.m()]",
    "function A(u) { this.u = http.get(u).id } A.prototype.m = function () { return this.u + 1 }; class B extends A { constructor(u) { super(u); log(this.u) } }",
  ],
  [
    "a constructor that returns another object after a wait",
    "return new A().other",
    "class A { constructor() { http.get(1); return { other: 5 } } }",
  ],
  [
    "new as the value of an arrow",
    "const make = (u) => new A(u); return [make(1).u, [2, 3].map((u) => new A(u)).map((a) => a.u)]",
    "class A { constructor(u) { this.u = http.get(u).id } }",
  ],
  [
    "an instance in a chain",
    "return new A(1).next()?.u",
    "class A { constructor(u) { this.u = http.get(u).id } next() { return new A(this.u + 1) } }",
  ],
  [
    "a field that waits",
    "const a = new A(); return JSON.stringify(a)",
    "const f = (u) => http.get(u).id; class A { z = log('z') ?? 0; t = f(1); later = log('later') ?? this.t; fn = () => this.t; y }",
  ],
  [
    "a field that waits in a class with a constructor",
    "return JSON.stringify(new A(7))",
    "class A { t = http.get(1).id; constructor(u) { log(this.t); this.u = http.get(u + this.t).id } }",
  ],
  [
    "a field that waits, a constructor that does not",
    "return JSON.stringify([new A(7), new B(8)])",
    "class A { t = http.get(1).id\n v = [1,\n 2]\n constructor(u) { this.u = u + this.t } } class B extends A { s = this.u }",
  ],
  [
    "a private field that waits",
    "const a = new A(); return [a.t, A.has(a), JSON.stringify(a)]",
    "class A { #t = http.get(1).id; #f = () => this.#t; #none; get t() { return this.#f() + String(this.#none) + this.#f.name } static has(o) { return #t in o } }",
  ],
  [
    "a field of a derived class that waits",
    "return JSON.stringify(new B(1))",
    "class A { constructor(u) { this.u = u } } class B extends A { t = http.get(this.u).id; v = this.t + 1 }",
  ],
  [
    "a field of a derived class with a constructor",
    "return JSON.stringify(new B(1))",
    "class A { constructor(u) { this.u = u } } class B extends A { t = http.get(this.u).id; constructor(u) { log('before'); super(u); log('after', this.t) } }",
  ],
  [
    "a class in a class",
    "return JSON.stringify(new A())",
    "class A { inner = new (class { t = http.get(1).id; o = (class { s = http.get(2).id }) })(); after = new this.inner.o().s }",
  ],
  [
    "a function as the value of a field",
    "const a = new A(); return [a.f(1) instanceof Promise, a.f.name, a.g.name, a.C.name, a.h.name]",
    "class A { t = http.get(3).id; f = async (x) => x; g = function () {}; C = class {}; h = function named() {} }",
  ],
  [
    "a wait in a field in a loop of objects",
    "return [1, 2].map((u) => new A(u)).map(({ t }) => t)",
    "class A { constructor(u) { this.u = u } t = http.get(5).id }",
  ],
  [
    "a computed name of a field before one that waits, and of static ones",
    "return [JSON.stringify(new A()), A.s]",
    "const key = (x) => (log('key', x), x); class A { [key('b')] = 1; t = http.get(1).id; static [key('s')] = 3 }",
  ],
  [
    "a subclass of Error that waits",
    "try { throw new E('m') } catch (e) { return [e.message, e.name, e instanceof Error, e.t] }",
    "class E extends Error { name = 'E'; t = http.get(1).id }",
  ],
]);

const writes = shapes([
  [
    "a setter that waits",
    "const o = { set v(x) { this.w = http.get(x).id; log('set') } }; o.v = 3; return [o.w, (o.v = 4), o.w]",
  ],
  [
    "a setter whose wait is its value",
    "const o = { set v(x) { return f(x) } }; o.v = 1; log('after')",
    "const f = (x) => http.get(x).id;",
  ],
  [
    "a setter of a class, with its getter",
    "const o = new O(); o.v = 1; o.v += 2; o.v++; return [o.v, o['v'] = 9]",
    "class O { #v = 0; get v() { return this.#v } set v(x) { log(x); this.#v = http.get(x).id } }",
  ],
  [
    "a private setter and super's",
    "const o = new O(); o.go(); return o.w",
    "class P { set v(x) { this.w = http.get(x).id } } class O extends P { set #p(x) { http.get(x) } go() { this.#p = 1; super.v = 2; log(this.w) } }",
  ],
  [
    "an arrow that writes",
    "const o = { set v(x) { http.get(x) } }; const w = (x) => o.v = x; w(1); log('then'); [2, 3].forEach((x) => (o.v = x)); return 4",
  ],
  [
    "writes in a row, by conditions and in a chain",
    "const o = { set v(x) { http.get(x) }, set u(x) { http.get(x + 10) } }; o.v = o.u = 1; if (o.v = 0) log('never'); o.v = o.v ?? (o.u = 3); for (o.v = 1; false;);",
  ],
  [
    "an error of a setter",
    "const o = { set v(x) { http.get(x) } }; try { o.v = 'boom' } catch (e) { return e.message }",
  ],
]);

const iterables = shapes([
  [
    "spread of a generator that waits",
    "return [0, ...g(1, 2), Math.max(...g(5, 4))]",
    "function* g(...u) { for (const x of u) yield http.get(x).id }",
  ],
  [
    "destructuring of a generator that waits",
    "const [a, , b = 7, ...c] = g(); log(a, b, c); let x, y; log([x, y] = [1, 2]); ([x, y] = g()); return [x, y]",
    "function* g() { try { yield http.get(1).id; yield 2; yield http.get(3).id; yield* [4, 5] } finally { log('closed') } }",
  ],
  [
    "a pattern that takes less than there is",
    "const [a] = g(); return a",
    "function* g() { try { yield http.get(1).id; log('never') } finally { http.get(2); log('closed') } }",
  ],
  [
    "steps by hand",
    "const i = g(); log(i.next()); log(i.next(5)); log(i.next()); return i.next()",
    "function* g() { const x = yield http.get(1).id; log('got', x); yield http.get(x).id; return http.get(9).id }",
  ],
  [
    "return and throw by hand",
    "const i = g(); i.next(); log(i.return(4)); const j = g(); j.next(); log(j.throw(new Error('in')));",
    "function* g() { try { yield http.get(1).id } catch (e) { yield e.message + http.get(2).id } finally { http.get(3) } }",
  ],
  [
    "a finally that waits, left by break, return and throw",
    "for (const x of g()) { log(x); break } const f = () => { for (const x of g()) return x }; log(f()); try { for (const x of g()) throw new Error('out') } catch (e) { log(e.message) } outer: for (const y of [1, 2]) for (const x of g()) continue outer; return 'end'",
    "function* g() { try { yield http.get(1).id; yield 2 } finally { http.get(3); log('closed') } }",
  ],
  [
    "a finally that fails after a wait",
    "try { for (const x of g()) break } catch (e) { log(e.message) } try { for (const x of g()) throw new Error('mine') } catch (e) { return e.message }",
    "function* g() { try { yield 1 } finally { http.get('boom') } }",
  ],
  [
    "an iterator written by hand",
    "for (const x of count(3)) log(x); log([...count(2)]); const [a] = count(5); log(a, new Set(count(2)).size, Array.from(count(2), (x) => x * 2)); for (const x of count(9)) if (x > 1) break",
    "const count = (limit) => ({ [Symbol.iterator]() { let n = 0; return { next: () => (http.get(n), n < limit ? { value: ++n, done: false } : { value: undefined, done: true }), return() { sleep(1); log('closed'); return {} } } } });",
  ],
  [
    "an iterator whose steps may throw",
    "try { for (const x of it) log(x) } catch (e) { return e.message }",
    "let n = 0; const it = { [Symbol.iterator]: () => ({ next: () => (http.get(n++ > 1 ? 'boom' : n), { value: n, done: false }), return() { log('never') } }) };",
  ],
  [
    "collections of a generator that waits",
    "return [new Map(pairs()).get('a1'), Object.fromEntries(pairs()).a2, Array.from(pairs()).length, Array.from(pairs(), ([k]) => k).join()]",
    "function* pairs() { for (const u of [1, 2]) yield ['a' + u, http.get(u).id] }",
  ],
  [
    "a generator through a generator",
    "return [...outer(3)]",
    "function* inner(n) { for (let i = 0; i < n; i++) yield http.get(i).id; return 'r' } function* outer(n) { const r = yield* inner(n); yield r; for (const x of inner(2)) yield x * 10; yield* { *[Symbol.iterator]() { yield http.get(8).id } }; yield* hand() } const hand = () => ({ [Symbol.iterator]() { let n = 0; return { next: () => (sleep(1), { value: n, done: n++ > 1 }) } } });",
  ],
  [
    "a generator that is left inside a generator",
    "for (const x of outer()) { log(x); if (x === 2) break } return 'end'",
    "function* inner() { try { yield http.get(1).id; yield 2; yield 3 } finally { http.get(4); log('inner') } } function* outer() { try { for (const x of inner()) yield x } finally { log('outer') } }",
  ],
  [
    "destructuring in the head of a loop over pairs",
    "let sum = 0; for (const [k, { v }] of pairs()) { sum += k * v; if (sum > 100) continue; log(sum) } for (let [k] of [[1]]) sum += k; return sum",
    "function* pairs() { for (const u of [1, 2, 3]) yield [u, { v: http.get(u).id }] }",
  ],
  [
    "labels around a loop that waits",
    "a: b: for (const x of g()) { for (const y of g()) { if (y === 2) continue a; if (x === 3) break b; log(x, y) } } return 'end'",
    "function* g() { yield http.get(1).id; yield 2; yield 3 }",
  ],
  [
    "own methods called next",
    "const pager = { page: 0, next() { return http.get(++this.page).id }, return(x) { return x } }; const bag = { next: 5 }; return [pager.next(), pager.next(), pager.return(3), bag.next, [...'ab'], Math.max(...[1, 2])]",
  ],
  [
    "a generator's steps in an async function",
    "const i = g(); const a = i.next(); await null; return [a, i.next(), [...g()]]",
    "function* g() { yield http.get(1).id; yield http.get(2).id }",
    "async function",
  ],
  [
    "iterables behind commas, in brackets, by conditions",
    "const [a] = (log(1), g()); const b = [...(log(2), g()), ...(a ? g() : [])]; let c; [c] = (log(3), (g())); for (const x of (log(4), g())) log(x); return [a, b, c, new Set((log(5), g())).size, [...h()]]",
    "function* g() { yield http.get(1).id } function* h() { yield* (log(6), g()); for (const x of (g())) yield x }",
  ],
  [
    "a list that is no generator, where others are",
    "const s = new Set([1, 2]); const [x, y = 3] = s; const f = (...all) => all.length; for (const [k, v] of new Map([[1, 2]])) log(k, v); for (const c of 'ab') log(c); return [x, y, f(...s, ...'xyz'), [...g()], Array.from({ length: 2 }, (_, i) => i), Object.fromEntries(new Map([['a', 1]]))]",
    "function* g() { yield http.get(1).id }",
  ],
  [
    "what is no iterable",
    "for (const f of [() => [...undefined], () => { const [a] = null }, () => { for (const x of 5) log(x) }, () => new Set(3)]) try { f() } catch (e) { log(e.constructor.name) } return [...g()]",
    "function* g() { yield http.get(1).id }",
  ],
]);

const json = shapes([
  [
    "a reviver that waits",
    'return JSON.stringify(JSON.parse(\'{"a":[1,2,{"b":3}],"c":"x","gone":1}\', function (k, v) { log(k, Array.isArray(this)); if (k === \'gone\') return undefined; return typeof v === \'number\' ? http.get(v).id + 1 : v }))',
  ],
  [
    "a replacer that waits",
    "return JSON.stringify({ a: 1, b: [2, undefined, () => 1], c: { d: null }, e: new Date(0) }, function (k, v) { log(k); return typeof v === 'number' ? http.get(v).id + 1 : v }, 2)",
  ],
  [
    "toJSON that waits",
    "class A { constructor(v) { this.v = v } toJSON(key) { log(key); return { v: http.get(this.v).id } } } return [JSON.stringify({ x: new A(1), y: [new A(2)] }), JSON.stringify(new A(3), ['v']), JSON.stringify({ b: 2, a: 1, n: Object(4), s: Symbol('s'), u: undefined }, ['a', 'b', 'n'], '--')]",
  ],
  [
    "JSON that fails",
    "const o = { toJSON: () => http.get('boom') }; try { JSON.stringify([o]) } catch (e) { log(e.message) } try { JSON.parse('{', (k, v) => http.get(v)) } catch (e) { log(e.name) } const c = {}; c.c = c; try { JSON.stringify(c, (k, v) => (sleep(1), v)) } catch (e) { log(e.name) } try { JSON.stringify({ n: 1n }, (k, v) => (sleep(1), v)) } catch (e) { return e.name }",
  ],
  [
    "JSON without callbacks",
    "return [JSON.stringify({ a: http.get(1).id }), JSON.parse('[1]')[0]]",
  ],
]);

export const allShapes: readonly Shape[] = [
  ...statements,
  ...functions,
  ...classes,
  ...makers,
  ...writes,
  ...chains,
  ...callbacks,
  ...generators,
  ...iterables,
  ...json,
  ...asyncs,
  ...modules,
];
