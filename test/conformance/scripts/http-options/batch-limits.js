// conformance: {"env":{"K6_BATCH":"2","K6_BATCH_PER_HOST":"1"}}
import http from "k6/http";

export default function () {
  const started = Date.now();
  const urls = [1, 2, 3].map(() => ["GET", `${__ENV.FAULT_URL}/hang`, null, { timeout: "200ms" }]);
  const responses = http.batch(urls);
  const tookMs = Date.now() - started;
  console.log(responses.map(({ error_code }) => error_code).join(" "), tookMs >= 590);
}
