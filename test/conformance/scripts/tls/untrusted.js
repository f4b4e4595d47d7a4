// conformance: {"ignore":["metrics","log"]}
import http from "k6/http";

const told = (error) => error.replace(/: current time .*$/u, "");

export default function () {
  for (const url of [
    __ENV.TLS12_URL, __ENV.OTHER_URL, __ENV.EXPIRED_URL, __ENV.CLOSING_URL.replace("http:", "https:"), __ENV.NO_TLS_URL.replace("http:", "https:"),
  ]) {
    const r = http.get(`${url}/ok`);
    console.log(url, r.status, r.error_code, told(r.error), r.timings.connecting > 0, r.timings.tls_handshaking, JSON.stringify(r.remote_ip));
  }
}
