import http from "k6/http";

export const options = { hosts: { "zero.test:80": "127.0.0.1" } };

export default function () {
  for (const url of ["http://127.0.0.1:1/", "https://127.0.0.1:1/", "http://zero.test/"]) {
    const r = http.get(url);
    console.log(url, r.status, r.error_code, r.error, JSON.stringify(r.remote_ip), r.timings.duration, r.timings.connecting);
  }
}
