// conformance: {"env":{"HTTP_PROXY":"http://127.0.0.1:1","HTTPS_PROXY":"127.0.0.1:1"}}
import http from "k6/http";

export default function () {
  for (const url of ["http://site.test/", "https://site.test/"]) {
    const response = http.get(url);
    console.log(response.status, response.error_code, response.error);
  }
}
