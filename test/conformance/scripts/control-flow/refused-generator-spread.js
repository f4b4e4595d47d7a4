// conformance: {"ignore":["metrics"]}
// A generator that waits, read by other means than for…of: spread.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

function* statuses(codes) {
  for (const code of codes) yield status(code);
}

export default function () {
  console.log([...statuses([200, 201])]);
}
