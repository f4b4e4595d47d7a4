// What closures capture stays theirs across calls that wait.
import { sleep } from 'k6';

let shared = 0;

function counter() {
  let count = 0;
  return {
    up: () => {
      sleep(0.001);
      return ++count;
    },
    get value() {
      return count;
    },
  };
}

const once = (fn) => {
  let done = false;
  let result;
  return (...args) => (done ? result : ((done = true), (result = fn(...args))));
};

const compose =
  (...fns) =>
  (x) =>
    fns.reduceRight((value, fn) => fn(value), x);

const memo = new Map();
const slowSquare = (n) => {
  if (!memo.has(n)) {
    sleep(0.001);
    memo.set(n, n * n);
  }
  return memo.get(n);
};

export default function () {
  const a = counter();
  const b = counter();
  a.up();
  a.up();
  b.up();
  console.log(a.value, b.value);

  const first = once((x) => {
    sleep(0.001);
    return x * 2;
  });
  console.log(first(3), first(100));

  console.log(compose((x) => x + 1, slowSquare, (x) => (sleep(0.001), x * 3))(2));
  console.log(slowSquare(4), slowSquare(4), memo.size);

  const later = [];
  for (var v = 0; v < 3; v++) {
    let own = v;
    sleep(0.001);
    later.push(() => [v, own]);
  }
  console.log(later.map((f) => f()));

  const add = (x) => (y) => (z) => {
    sleep(0.001);
    shared += x + y + z;
    return shared;
  };
  console.log(add(1)(2)(3), add(4)(5)(6), shared);

  (function iife(name) {
    sleep(0.001);
    console.log(name, typeof iife, arguments.length);
  })('immediately', 1, 2);

  console.log(typeof hoisted, hoisted());
  function hoisted() {
    sleep(0.001);
    return 'hoisted';
  }
}
