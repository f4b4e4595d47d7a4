// Iterators written by hand whose steps wait, read in every way.
import { sleep } from 'k6';

const countTo = (limit) => ({
  [Symbol.iterator]() {
    let n = 0;
    return {
      next: () => {
        sleep(0.001);
        return n < limit ? { value: ++n, done: false } : { value: undefined, done: true };
      },
      return: () => {
        sleep(0.001);
        console.log('left at', n);
        return {};
      },
    };
  },
});

export default function () {
  for (const n of countTo(3)) console.log(n);
  for (const n of countTo(9)) if (n === 2) break;
  outer: for (const a of [1, 2]) {
    for (const b of countTo(5)) {
      if (b > a) continue outer;
      console.log(a, b);
    }
  }
  const [first, second] = countTo(5);
  console.log(first, second, Math.max(...countTo(4)), [...countTo(2)].join());
  console.log(new Set(countTo(3)).size, Array.from(countTo(3), (n) => n * n).join());
}
