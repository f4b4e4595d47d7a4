// What a script sees of HTTP/2: protocol, status text, header names, TLS, cookies, and that HTTP/1.1 stays beside it.
import http from 'k6/http';
import { check } from 'k6';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 2 };

const tls = __ENV.TLS_URL;

export default function () {
  const res = http.get(`${tls}/headers?x-one=1&x-two=a&x-two=b&Content-Language=de`);
  console.log(res.proto, res.status, res.status_text, res.tls_version, res.remote_ip, res.body);
  console.log(Object.keys(res.headers).sort().join(), res.headers['X-One'], res.headers['X-Two']);
  console.log(typeof res.timings.duration, res.timings.looking_up, res.error, res.error_code);
  for (const status of [201, 204, 304, 404, 413, 418, 422, 503]) {
    const other = http.get(`${tls}/status/${status}`, { tags: { name: 'status' } });
    console.log(other.proto, other.status, other.status_text, JSON.stringify(other.body), other.error_code);
  }
  const plain = http.get(`${__ENV.BASE_URL}/text`);
  console.log(plain.proto, plain.status_text);
  const head = http.head(`${tls}/bytes/1000`);
  console.log(head.proto, head.status, JSON.stringify(head.body), head.headers['Content-Length']);
  check(res, { 'is HTTP/2': (r) => r.proto === 'HTTP/2.0' });
}
