// A generator that waits, stepped by hand.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

function* statuses(codes) {
  for (const code of codes) yield status(code);
}

export default function () {
  const hand = statuses([200, 201]);
  console.log(hand.next().value, hand.next().value);
  console.log(JSON.stringify(hand.next()), JSON.stringify(hand.next()));
  const asking = (function* () {
    const code = yield status(200);
    try {
      yield status(code);
    } catch (error) {
      yield `${error.message} ${status(204)}`;
    }
  })();
  console.log(asking.next().value, asking.next(202).value, asking.throw(new Error('in')).value);
}
