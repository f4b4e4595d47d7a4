// Generators and iterators with calls that wait between, before and after their yields.
import http from 'k6/http';
import { sleep } from 'k6';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

function* statuses(codes) {
  try {
    for (const code of codes) {
      const answer = yield status(code);
      if (answer !== undefined) console.log('was sent', answer);
    }
    return 'all';
  } finally {
    sleep(0.001);
    console.log('generator ends');
  }
}

function* delegating() {
  const result = yield* statuses([200, 201]);
  yield `delegate returned ${result}`;
}

const countTo = (limit) => ({
  [Symbol.iterator]() {
    let n = 0;
    return {
      next: () => {
        sleep(0.001);
        return n < limit ? { value: ++n, done: false } : { value: undefined, done: true };
      },
      return: () => {
        console.log('iterator closed at', n);
        return { done: true };
      },
    };
  },
});

class Pages {
  *[Symbol.iterator]() {
    yield* [200, 204].map((code) => status(code));
  }
}

export default function () {
  for (const value of delegating()) console.log('of', value);
  const hand = statuses([200, 404, 500]);
  console.log(JSON.stringify(hand.next()));
  console.log(JSON.stringify(hand.next('message')));
  console.log(JSON.stringify(hand.return('early')));
  console.log(JSON.stringify(hand.next()));
  const thrown = statuses([200, 201]);
  thrown.next();
  try {
    thrown.throw(new Error('into it'));
  } catch (error) {
    console.log('out of it', error.message);
  }
  for (const n of countTo(5)) if (n === 2) break;
  console.log([...countTo(3)], Math.max(...countTo(4)));
  const [first, ...rest] = countTo(3);
  console.log(first, rest);
  console.log([...new Pages()], Array.from(new Pages(), (x) => x + 1));
  console.log(new Set(countTo(2)).size, new Map([['a', 1]]).size);
}
