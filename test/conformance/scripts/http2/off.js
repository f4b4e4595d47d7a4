// conformance: {"env":{"GODEBUG":"http2client=0"}}
// HTTP/2 can be switched off.
import http from 'k6/http';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 1 };

export default function () {
  const res = http.get(`${__ENV.TLS_URL}/echo`);
  console.log(res.proto, res.json('protocol'));
}
