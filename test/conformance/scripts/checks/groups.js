// Checks in groups in groups: results, return values, what the tags are.
import { check, group } from 'k6';
import http from 'k6/http';

export default function () {
  const value = group('outer', () => {
    const inner = group('inner', function () {
      return check(http.get(`${__ENV.BASE_URL}/status/200`), {
        'is 200': (r) => r.status === 200,
        'is not': (r) => r.status !== 200,
      });
    });
    console.log('inner', inner);
    return 'from outer';
  });
  console.log(value, check(null, { 'no group': (v) => v === null }, { tagged: 'yes' }));
}
