import http from "k6/http";

export default function () {
  for (const [path, timeout] of [["/hang", "200ms"], ["/hang-body", 200], ["/ok", 0], ["/ok", -1], ["/ok", "-1s"]]) {
    const r = http.get(__ENV.FAULT_URL + path, { timeout });
    console.log(path, timeout, r.status, r.error_code, r.error, r.body, r.remote_ip === "" ? "" : "ip");
  }
}
