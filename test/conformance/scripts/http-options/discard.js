// conformance: {"args":["--discard-response-bodies"]}
import http from "k6/http";

export default function () {
  console.log(http.get(`${__ENV.FAULT_URL}/ok`).body);
  console.log(http.get(`${__ENV.FAULT_URL}/ok`, { responseType: "text" }).body);
  console.log(http.get(`${__ENV.FAULT_URL}/gzip`).status, http.get(`${__ENV.FAULT_URL}/cut-body`).error);
}
