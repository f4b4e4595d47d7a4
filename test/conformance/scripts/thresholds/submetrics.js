// Thresholds on tagged parts of a metric.
import http from 'k6/http';
import { check } from 'k6';
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export const options = {
  thresholds: {
    'counter{kind:a}': ['count==2'],
    'counter{kind:b}': ['count==2'],
    'counter{kind:a,more:yes}': ['count==1'],
    'counter{ kind : a , more : "yes" }': ['count==1'],
    "counter{kind:'a'}": ['count==2'],
    'counter{kind:never}': ['count==0', 'count>0'],
    'http_reqs{status:200}': ['count==2'],
    'http_reqs{status:404}': ['count<1'],
    'http_req_duration{expected_response:true}': ['max<60000'],
    'http_req_failed{method:GET}': ['rate<0.5'],
    'checks{check:passes}': ['rate==1'],
    'checks{check:fails}': ['rate==1'],
    'iterations{scenario:default}': ['count==1'],
    'http_reqs{group:}': ['count==3'],
    'http_reqs{name:named}': ['count==1'],
  },
};
export default function () {
  counter.add(1, { kind: 'a' });
  counter.add(1, { kind: 'a', more: 'yes' });
  counter.add(1, { kind: 'b' });
  http.get(`${__ENV.BASE_URL}/status/200`);
  http.get(`${__ENV.BASE_URL}/status/200`, { tags: { name: 'named' } });
  http.get(`${__ENV.BASE_URL}/status/404`);
  check(1, { passes: () => true, fails: () => false });
}
