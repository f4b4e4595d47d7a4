// conformance: {"env":{"K6_NO_CONNECTION_REUSE":"true"}}
// Without reuse every request opens a connection, with HTTP/2 too.
import http from 'k6/http';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 2 };

export default function () {
  for (let i = 0; i < 2; i++) {
    const res = http.get(`${__ENV.TLS_URL}/echo`);
    console.log(res.proto, res.timings.connecting > 0, res.timings.tls_handshaking > 0, res.json('headers.connection'));
  }
}
