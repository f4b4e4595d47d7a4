import http from "k6/http";

const paths = "/gzip /gzip-empty /gzip-cut /gzip-long /deflate /deflate-raw /br /br-empty /unknown-coding /capital-coding";

export default function () {
  for (const path of paths.split(" ")) {
    const r = http.get(__ENV.FAULT_URL + path, { tags: { name: path } });
    console.log(path, r.status, r.error_code, r.error, JSON.stringify(r.body), r.proto);
  }
  console.log(http.get(`${__ENV.FAULT_URL}/gzip`, { responseType: "none" }).status);
}
