// A server that breaks HTTP/2: code and text of each fault, the part of the body that came, and that the next request works.
import http from 'k6/http';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 1 };

const paths = [
  ...[0, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 99].map((code) => `reset/${code}`),
  ...[0, 1, 2, 7, 8, 13, 99].map((code) => `reset-body/${code}`),
  ...[1, 2, 11, 99].map((code) => `goaway/${code}`),
  ...[0, 2, 11, 99].map((code) => `goaway-end/${code}`),
  'goaway-answer/0', 'goaway-answer/2',
  'end', 'end-body', 'too-large', 'data-first', 'data-zero', 'window-zero', 'window-zero-all', 'bad-block', 'bad-ping', 'bad-settings',
  'bad-padding', 'push', 'no-status', 'text-status', 'two-statuses', 'late-status', 'unknown-pseudo', 'request-pseudo', 'upper-case', 'bad-value',
  'interim-end', 'trailer-status', 'long', 'short', 'two-lengths', 'interim', 'trailers', 'settings', 'status/299', 'status/42', 'status/999',
  'refuse-once/7', 'refuse-once/1',
];

export default function () {
  for (const path of paths) {
    const res = http.get(`${__ENV.H2_FAULTS_URL}/${path}`, { tags: { name: path } });
    console.log(path, res.status, JSON.stringify(res.status_text), res.error_code, res.error, res.proto, JSON.stringify(res.body), res.tls_version);
    const next = http.get(`${__ENV.H2_FAULTS_URL}/ok`, { tags: { name: 'ok' } });
    if (next.status !== 200) console.log('after', path, next.status, next.error);
  }
}
