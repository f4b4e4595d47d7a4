// Generators with calls that wait between, before and after their yields, read by for…of.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

function* statuses(codes) {
  try {
    for (const code of codes) yield status(code);
    return 'all';
  } finally {
    console.log('generator ends');
  }
}

function* delegating() {
  const result = yield* statuses([200, 201]);
  yield `delegate returned ${result}`;
}

class Pages {
  *[Symbol.iterator]() {
    yield* [200, 204].map((code) => status(code));
  }
}

function* plain(limit) {
  for (let n = 1; n <= limit; n++) {
    const answer = yield n;
    if (answer !== undefined) console.log('was sent', answer);
  }
  return 'done';
}

export default function () {
  for (const value of delegating()) console.log('of', value);
  for (const value of statuses([200, 404, 500])) {
    console.log('until', value);
    if (value === 404) break;
  }
  for (const value of new Pages()) console.log('page', value, status(201));
  try {
    for (const value of statuses([200, 500])) if (value === 500) throw new Error('in the loop');
  } catch (error) {
    console.log(error.message);
  }
  const hand = plain(3);
  console.log(JSON.stringify(hand.next()), status(200), JSON.stringify(hand.next('message')));
  console.log(JSON.stringify(hand.return('early')), JSON.stringify(hand.next()));
  for (const n of plain(2)) console.log('beside', n, status(200 + n));
  console.log([...plain(3)], Math.max(...plain(4)), new Set(plain(2)).size);
  const [first, ...rest] = plain(3);
  console.log(first, rest);
}
