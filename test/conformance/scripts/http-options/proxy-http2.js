// conformance: {"env":{"HTTPS_PROXY":"{PROXY_URL}"}}
import http from "k6/http";

export const options = { insecureSkipTLSVerify: true, hosts: { "site.test": "127.0.0.1" } };

export default function () {
  const url = `${__ENV.TLS_URL.replace("localhost", "site.test")}/status/200`;
  for (let i = 0; i < 2; i++) {
    const response = http.get(url, { tags: { name: "through" } });
    console.log(response.status, response.error, response.proto, response.timings.connecting > 0, response.remote_port === Number(__ENV.PROXY_PORT));
  }
}
