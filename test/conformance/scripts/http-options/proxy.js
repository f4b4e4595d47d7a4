// conformance: {"env":{"HTTP_PROXY":"{PROXY_URL}","https_proxy":"{PROXY_URL}","NO_PROXY":".direct.test,other.test:81"}}
import http from "k6/http";

export const options = { insecureSkipTLSVerify: true };

export default function () {
  const port = __ENV.TLS12_PORT;
  for (const url of [
    "http://site.test/a?b", "http://other.test/", "http://other.test:81/", "http://x.direct.test/", "http://direct.test/",
    `https://site.test:${port}/ok`, "https://deny.test/", `${__ENV.FAULT_URL}/ok`, `http://localhost:${__ENV.FAULT_PORT}/ok`,
  ]) {
    const response = http.get(url);
    console.log(url, response.status, response.error_code, response.error, response.proto, response.tls_version);
    if (response.body) console.log(response.body.split("\r\n").slice(0, 2).join(" | "));
  }
}
