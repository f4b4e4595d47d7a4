// conformance: {"with":["lib"],"env":{"SSL_CERT_FILE":"lib/ca.pem"},"ignore":["metrics","log"]}
import http from "k6/http";

const told = (error) => error.replace(/: current time .*$/u, "");

export default function () {
  for (const name of ["TLS12_URL", "TLS13_URL", "TLS10_URL", "CBC_URL", "EXPIRED_URL", "OTHER_URL", "MUTUAL_URL"]) {
    const r = http.get(`${__ENV[name]}/ok`);
    console.log(name, r.status, r.error_code, told(r.error), r.tls_version, r.tls_cipher_suite, JSON.stringify(r.ocsp));
  }
}
