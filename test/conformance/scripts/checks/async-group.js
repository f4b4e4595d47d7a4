// Which group is open when asynchronous code goes on.
import { check, group } from 'k6';
import http from 'k6/http';

export default async function () {
  group('outer', () => {
    http.asyncRequest('GET', `${__ENV.BASE_URL}/status/200`).then((response) => {
      check(response, { 'then of a group': (r) => r.status === 200 });
    });
  });
  group('timer', () => {
    setTimeout(() => check(1, { 'timer of a group': () => true }), 1);
  });
  await null;
  check(1, { 'after await': () => true });
}
