// A time limit ends one request; the connection, and what runs beside it, go on.
import http from 'k6/http';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 1 };

const tls = __ENV.TLS_URL;

export default function () {
  console.log(http.get(`${tls}/text`).proto);
  const late = http.get(`${tls}/delay/1000`, { timeout: 100 });
  console.log(late.status, late.error, late.error_code, JSON.stringify(late.body), late.proto);
  console.log(late.timings.duration >= 99, late.timings.waiting > 90, late.timings.receiving);
  const next = http.get(`${tls}/text`);
  console.log(next.status, next.proto, next.timings.connecting, next.timings.tls_handshaking);
  const both = http.batch([
    { method: 'GET', url: `${tls}/delay/1001`, params: { timeout: '150ms' } },
    { method: 'GET', url: `${tls}/delay/300` },
  ]);
  console.log(both.map((res) => `${res.status} ${res.error_code} ${res.error} ${res.body}`).join('; '));
  try {
    http.get(`${tls}/delay/1002`, { timeout: '50ms', throw: true });
  } catch (error) {
    console.log('thrown', error.message);
  }
}
