// conformance: {"args":["--local-ips","127.0.0.2,127.0.0.10-127.0.0.11,127.0.0.20/30"],"sorted":true}
import http from "k6/http";

export const options = { scenarios: { all: { executor: "per-vu-iterations", vus: 6, iterations: 2 } } };

const from = () => http.get(`${__ENV.FAULT_URL}/echo`).body.split("\n")[0];

export function setup() {
  console.log("setup", from());
}

export default function () {
  console.log("VU", __VU, from());
}

export function teardown() {
  console.log("teardown", from());
}
