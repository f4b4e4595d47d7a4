// A generator that waits, taken apart by patterns.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

function* statuses(codes) {
  for (const code of codes) yield status(code);
}

export default function () {
  const [first, second] = statuses([200, 201]);
  console.log(first, second);
  const [, other, ...rest] = statuses([200, 201, 202, 204]);
  console.log(other, rest.join());
  let a;
  let b;
  [a, b = 5] = statuses([200]);
  console.log(a, b);
}
