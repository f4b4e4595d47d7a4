// conformance: {"env":{"K6_DNS":"ttl=0,select=roundRobin,policy=onlyIPv4"}}
import exec from "k6/execution";
import http from "k6/http";

export const options = { dns: { ttl: "1m", policy: "any" } };

export default function () {
  console.log(JSON.stringify(exec.test.options.dns));
  const response = http.get(`http://localhost:${__ENV.FAULT_PORT}/ok`, { tags: { name: "x" } });
  console.log(response.status, response.remote_ip);
}
