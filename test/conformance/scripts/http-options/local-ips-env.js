// conformance: {"env":{"K6_LOCAL_IPS":"127.0.0.8/31"},"sorted":true}
import http from "k6/http";

export const options = { scenarios: { all: { executor: "per-vu-iterations", vus: 3, iterations: 1 } } };

export default function () {
  console.log("VU", __VU, http.get(`${__ENV.FAULT_URL}/echo`).body.split("\n")[0]);
}
