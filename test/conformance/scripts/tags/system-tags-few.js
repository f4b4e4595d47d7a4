// Only two system tags.
import http from 'k6/http';
import { check, group } from 'k6';
export const options = { systemTags: ['status', 'check'] };
export default function () {
  group('g', () => check(http.get(`${__ENV.BASE_URL}/status/200`), { ok: (r) => r.status === 200 }));
  http.get(`${__ENV.BASE_URL}/status/404`, { tags: { name: 'n', own: 'x' } });
}
