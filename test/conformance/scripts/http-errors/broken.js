// conformance: {"ignore":["log"]}
import http from "k6/http";

const paths =
  "/ok /eof /reset /cut-head /cut-value /cut-body /cut-chunk /reset-body /bad-chunk /chunk-lf /chunk-end /until-close /no-http /no-space " +
  "/version /status /no-reason /no-colon /control /length /two-lengths /coding";

export default function () {
  for (const path of paths.split(" ")) {
    const r = http.get(__ENV.FAULT_URL + path, { tags: { name: path } });
    console.log(path, r.status, r.error_code, r.error, JSON.stringify(r.body), r.proto, JSON.stringify(r.headers), r.status_text);
  }
}
