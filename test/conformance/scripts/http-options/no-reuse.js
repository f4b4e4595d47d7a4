// conformance: {"args":["--no-connection-reuse"]}
import http from "k6/http";

const isNew = (response) => response.timings.connecting > 0;

export default function () {
  const first = http.get(`${__ENV.FAULT_URL}/echo`);
  console.log(isNew(first), isNew(http.get(`${__ENV.FAULT_URL}/ok`)), first.body.includes("Connection: close"));
}
