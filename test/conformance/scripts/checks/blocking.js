// Conditions and groups that wait.
import { check, group, sleep } from 'k6';
import http from 'k6/http';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

export default function () {
  const ok = check([200, 404], {
    first: ([code]) => status(code) === 200,
    second: ([, code]) => {
      sleep(0.001);
      return status(code) === 200;
    },
  });
  console.log(ok);
  const sum = group('one', () => {
    const inner = group('two', () => group('three', () => status(201)));
    return inner + status(200);
  });
  console.log(sum);
  for (const name of ['x', 'y']) group(name, () => check(name, { same: (n) => n === name && status(204) === 204 }));
}
