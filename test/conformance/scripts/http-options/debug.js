// conformance: {"args":["--http-debug"],"ignore":["console"]}
import http from "k6/http";

export default function () {
  const response = http.get(`${__ENV.FAULT_URL}/ok`);
  if (response.status !== 200) throw new Error("no answer");
}
