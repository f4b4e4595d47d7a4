// handleSummary may make requests; they are not measured.
import http from 'k6/http';
export default function () {}
export function handleSummary(data) {
  console.log(http.get(`${__ENV.BASE_URL}/status/201`).status, 'http_reqs' in data.metrics);
  return {};
}
