// Generators whose finally waits, left early by their loops: break, return, an exception, an outer label.
import { sleep } from 'k6';

function* numbers(name) {
  try {
    for (let n = 1; n < 10; n++) {
      sleep(0.001);
      yield n;
    }
  } finally {
    sleep(0.001);
    console.log('ended', name);
  }
}

function find(limit) {
  for (const n of numbers('find')) if (n === limit) return n;
  return 0;
}

function* doubled() {
  for (const n of numbers('inner')) yield 2 * n;
}

export default function () {
  for (const n of numbers('break')) if (n === 2) break;
  console.log('after', find(3));
  try {
    for (const n of numbers('throw')) if (n === 2) throw new Error('mine');
  } catch (error) {
    console.log(error.message);
  }
  for (const n of doubled()) if (n > 3) break;
  const [one] = numbers('pattern');
  const hand = numbers('hand');
  console.log(one, hand.next().value, JSON.stringify(hand.return(7)), hand.next().done);
}
