// conformance: {"args":["--rps","10"]}
import http from "k6/http";

export default function () {
  const start = Date.now();
  for (let i = 0; i < 5; i++) http.get(`${__ENV.FAULT_URL}/ok`);
  http.get(`${__ENV.BASE_URL}/redirect/3`);
  const tookMs = Date.now() - start;
  console.log(tookMs >= 450, tookMs < 1500);
}
