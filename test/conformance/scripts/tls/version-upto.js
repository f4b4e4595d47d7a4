import exec from "k6/execution";
import http from "k6/http";

export const options = { tlsVersion: { max: "tls1.2" }, insecureSkipTLSVerify: true };

export default function () {
  console.log(JSON.stringify(exec.test.options.tlsVersion));
  for (const name of ["TLS12_URL", "TLS13_URL", "TLS10_URL"]) {
    const r = http.get(`${__ENV[name]}/ok`);
    console.log(name, r.status, r.error_code, r.error, r.tls_version);
  }
}
