// conformance: {"ignore":["metrics"]}
// An iterator written by hand whose next() waits.
import { sleep } from 'k6';

const countTo = (limit) => ({
  [Symbol.iterator]() {
    let n = 0;
    return {
      next: () => {
        sleep(0.001);
        return n < limit ? { value: ++n, done: false } : { value: undefined, done: true };
      },
    };
  },
});

export default function () {
  for (const n of countTo(3)) console.log(n);
}
