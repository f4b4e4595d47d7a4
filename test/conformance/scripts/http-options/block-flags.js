// conformance: {"args":["--block-hostnames","a.test,*.b.test","--blacklist-ip","10.0.0.0/8","--blacklist-ip","192.168.0.0/16"]}
import http from "k6/http";

export default function () {
  for (const host of ["a.test", "x.b.test", "10.0.0.1", "192.168.1.1"]) {
    console.log(host, http.get(`http://${host}/`).error_code);
  }
}
