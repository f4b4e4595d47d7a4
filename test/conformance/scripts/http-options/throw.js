// conformance: {"env":{"K6_THROW":"true"}}
import http from "k6/http";

const attempt = (name, call) => {
  try {
    console.log(name, call().status);
  } catch (error) {
    console.log(name, error.name, error.message);
  }
};

export default function () {
  const base = __ENV.FAULT_URL;
  for (const path of ["/ok", "/eof", "/no-http", "/cut-body", "/gzip", "/to-no-url", "/to-ftp", "/to-refused"]) {
    attempt(path, () => http.get(base + path));
  }
  attempt("method", () => http.request("GE T", base + "/ok"));
  attempt("header", () => http.get(base + "/ok", { headers: { "A b": "x" } }));
  attempt("url", () => http.get("http://a b/"));
  attempt("scheme", () => http.get("ftp://a/"));
  attempt("timeout", () => http.get(base + "/hang", { timeout: "100ms" }));
  attempt("refused", () => http.get("http://u:secret@127.0.0.1:1/?q=1"));
  attempt("port", () => http.get("http://127.0.0.1:99999/"));
  attempt("bad params", () => http.get(base + "/ok", { timeout: "soon" }));
  attempt("not thrown", () => http.get(base + "/eof", { throw: false }));
}
