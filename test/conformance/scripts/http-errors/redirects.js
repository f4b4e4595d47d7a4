import http from "k6/http";

export default function () {
  for (const path of ["/to-no-url", "/to-bad-escape", "/to-ftp", "/to-refused", "/to-nowhere"]) {
    const r = http.get(__ENV.FAULT_URL + path);
    console.log(path, r.status, r.error_code, r.error, r.url, r.body);
  }
}
