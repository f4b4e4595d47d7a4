// With noVUConnectionReuse each iteration opens a connection, and keeps it to its end.
import http from 'k6/http';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 3, noVUConnectionReuse: true };

export default function () {
  console.log([1, 2].map(() => http.get(`${__ENV.TLS_URL}/text`)).map((res) => `${res.proto} ${res.timings.connecting > 0}`).join('; '));
}
