// conformance: {"args":["--insecure-skip-tls-verify"]}
import http from "k6/http";

export default function () {
  for (const name of ["EXPIRED_URL", "OTHER_URL", "TLS12_URL"]) console.log(name, http.get(`${__ENV[name]}/ok`).status);
}
