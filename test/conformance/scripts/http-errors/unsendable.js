import http from "k6/http";

export default function () {
  const url = `${__ENV.FAULT_URL}/ok`;
  for (const method of ["", "GE T", "get", "é", "FOO", "G\n"]) {
    const r = http.request(method, url);
    console.log(JSON.stringify(method), r.status, r.error_code, r.error);
  }
  for (const headers of [{ "A b": "x" }, { "": "x" }, { X: "a\nb" }, { X: "a\u0000" }, { X: "é" }, { é: "x" }, { "Content-Length": "5" }, { Host: "" }]) {
    const r = http.get(url, { headers });
    console.log(JSON.stringify(headers), r.status, r.error_code, r.error);
  }
}
