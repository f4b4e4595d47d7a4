// Redirects over HTTP/2: each hop its own samples; cookies on the way; from HTTP/2 to HTTP/1.1.
import http from 'k6/http';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 1 };

const tls = __ENV.TLS_URL;

export default function () {
  const res = http.get(`${tls}/redirect/3?cookies=1`);
  const seen = res.json();
  console.log(res.status, res.proto, res.url, seen.method, seen.protocol, seen.headers.cookie, seen.headers.referer);
  for (const status of [301, 303, 307, 308]) {
    const posted = http.post(`${tls}/redirect/1?status=${status}`, 'body', { headers: { 'Content-Type': 'text/x' } });
    const { method, body, headers } = posted.json();
    console.log(status, posted.proto, method, JSON.stringify(body), headers['content-type'], headers['content-length']);
  }
  const none = http.get(`${tls}/redirect/1`, { redirects: 0 });
  console.log(none.status, none.status_text, none.headers.Location, none.proto);
  const limited = http.get(`${tls}/redirect/4`, { redirects: 2 });
  console.log(limited.status, limited.proto);
  const across = http.get(`${tls}/redirect-to?url=${encodeURIComponent(__ENV.BASE_URL + '/echo')}`, { tags: { name: 'across' } });
  console.log(across.status, across.proto, across.json('protocol'));
}
