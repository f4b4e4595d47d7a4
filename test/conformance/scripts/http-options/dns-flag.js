// conformance: {"args":["--dns","ttl=5m,select=first,policy=onlyIPv6"]}
import exec from "k6/execution";
import http from "k6/http";

export default function () {
  console.log(JSON.stringify(exec.test.options.dns));
  const response = http.get("http://nope.invalid/");
  console.log(response.status, response.error_code, response.error);
}
