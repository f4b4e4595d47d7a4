import http from "k6/http";

export default function () {
  for (const status of [200, 204, 304, 400, 404, 418, 500, 503, 599]) {
    const r = http.get(`${__ENV.BASE_URL}/status/${status}`);
    console.log(status, r.status, r.error_code, JSON.stringify(r.error));
  }
}
