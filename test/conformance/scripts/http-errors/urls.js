import http from "k6/http";

export default function () {
  const base = __ENV.FAULT_URL;
  for (const url of [
    "", "foo", "/path", "//host/x", "http:///x", "http://[::1", "http://[::1]a", "http://a b/", "http://a\tb/", base + "/%zz",
    "http://127.0.0.1:99999/", "http://127.0.0.1:abc/", "http://127.0.0.1:-1/", "ftp://127.0.0.1/", "mailto:x@y", "http:127.0.0.1",
    "http:/127.0.0.1/", "1http://a/", ":foo", "http://a%41b/", "http://%zz/", "http://127.0.0.1:80\\ok", "http://\u0000/", "http://u r@127.0.0.1/",
    "http://127.1/", "http://1.2.3/", "http://:80/",
  ]) {
    const r = http.get(url);
    console.log(JSON.stringify(url), r.status, r.error_code, r.error, JSON.stringify(r.url));
  }
}
