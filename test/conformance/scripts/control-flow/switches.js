// switch with calls that wait in the discriminant, the cases, and the bodies.
import http from 'k6/http';

const tried = [];
const status = (code) => {
  tried.push(code);
  return http.get(`${__ENV.BASE_URL}/status/${code}`).status;
};

function classify(code) {
  switch (status(code)) {
    case status(200):
      return 'ok';
    case status(404): {
      const local = status(204);
      return `missing ${local}`;
    }
    case 500:
    case 503:
      status(201);
    // falls through
    case 418:
      return 'fell through';
    default:
      break;
  }
  return 'other';
}

function loop() {
  const seen = [];
  for (const code of [200, 301, 404, 500]) {
    switch (true) {
      case code < 300:
        continue;
      case code === 404:
        seen.push(`break ${status(code)}`);
        break;
      default:
        seen.push(`default ${code}`);
    }
    seen.push(`after ${code}`);
  }
  return seen;
}

function defaultFirst(value) {
  const seen = [];
  switch (value) {
    default:
      seen.push(`default ${status(200)}`);
    case 1:
      seen.push('one');
      break;
    case 2:
      seen.push('two');
  }
  return seen;
}

export default function () {
  for (const code of [200, 404, 500, 503, 418, 202]) console.log(code, classify(code), tried.splice(0));
  console.log(loop());
  console.log(defaultFirst(1), defaultFirst(2), defaultFirst(3));
}
