// conformance: {"args":["--system-tags","proto,subproto,status,method,url,name,group,check,error,error_code,scenario,service,expected_response,iter,vu,ip"],"sorted":false}
// All system tags that do not depend on TLS.
import http from 'k6/http';
import { check, group } from 'k6';
export const options = { iterations: 2 };
export default function () {
  group('g', () => check(http.get(`${__ENV.BASE_URL}/status/200`), { ok: (r) => r.status === 200 }));
  http.get(`${__ENV.BASE_URL}/status/404`, { tags: { name: 'n' } });
}
