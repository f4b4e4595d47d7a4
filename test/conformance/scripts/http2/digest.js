// Logins over HTTP/2: basic by the URL, digest by its second request.
import http from 'k6/http';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 1 };

export default function () {
  const at = __ENV.TLS_URL.replace('https://', 'https://user:pass@');
  const basic = http.get(`${at}/basic-auth/user/pass`);
  console.log(basic.status, basic.proto);
  const digest = http.get(`${at}/digest-auth/user/pass`, { auth: 'digest' });
  console.log(digest.status, digest.proto, digest.timings.connecting);
}
