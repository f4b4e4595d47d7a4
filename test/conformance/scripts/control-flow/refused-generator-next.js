// conformance: {"ignore":["metrics"]}
// A generator that waits, read by other means than for…of: next.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

function* statuses(codes) {
  for (const code of codes) yield status(code);
}

export default function () {
  const hand = statuses([200, 201]);
  console.log(hand.next().value, hand.next().value);
}
