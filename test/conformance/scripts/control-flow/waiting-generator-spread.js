// A generator that waits, spread into lists, arguments and collections.
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

function* statuses(codes) {
  for (const code of codes) yield status(code);
}

export default function () {
  console.log([...statuses([200, 201])]);
  console.log(Math.max(0, ...statuses([204, 202])), new Set(statuses([200, 200])).size);
  console.log(Array.from(statuses([200, 201]), (code) => code + 1).join());
}
