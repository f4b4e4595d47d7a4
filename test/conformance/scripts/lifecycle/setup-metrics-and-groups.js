// What setup and teardown measure, and under which tags.
import { check, group } from 'k6';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import exec from 'k6/execution';

const calls = new Counter('calls');
export const options = { tags: { run: 'r' } };

function measure(where) {
  http.get(`${__ENV.BASE_URL}/status/200`);
  check(where, { known: (w) => w.length > 3 });
  calls.add(1, { where });
  group('inside', () => calls.add(1, { where: `${where} group` }));
  console.log(where, __VU, typeof __ITER, exec.vu.idInTest, JSON.stringify(Object.entries(exec.vu.tags).sort()));
}

export function setup() {
  measure('setup');
}
export default function () {
  measure('iteration');
}
export function teardown() {
  measure('teardown');
}
