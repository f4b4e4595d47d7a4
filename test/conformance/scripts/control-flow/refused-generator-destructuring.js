// conformance: {"ignore":["metrics"]}
// A generator that waits, read by other means than for…of: destructuring.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

function* statuses(codes) {
  for (const code of codes) yield status(code);
}

export default function () {
  const [first, second] = statuses([200, 201]);
  console.log(first, second);
}
