import exec from "k6/execution";
import http from "k6/http";

export const options = { tlsCipherSuites: ["TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"], insecureSkipTLSVerify: true };

export default function () {
  console.log(JSON.stringify(exec.test.options.tlsCipherSuites));
  for (const name of ["TLS12_URL", "CBC_URL", "TLS13_URL"]) {
    const r = http.get(`${__ENV[name]}/ok`);
    console.log(name, r.status, r.error_code, r.error, r.tls_version, name === "TLS13_URL" ? "" : r.tls_cipher_suite);
  }
}
