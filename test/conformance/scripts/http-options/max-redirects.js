// conformance: {"env":{"K6_MAX_REDIRECTS":"2"}}
import http from "k6/http";

export default function () {
  console.log(http.get(`${__ENV.BASE_URL}/redirect/2`).status);
  console.log(http.get(`${__ENV.BASE_URL}/redirect/3`).status);
  console.log(http.get(`${__ENV.BASE_URL}/redirect/3`, { redirects: 3 }).status);
  console.log(http.get(`${__ENV.BASE_URL}/redirect/1`, { redirects: 0 }).status);
  console.log(http.get(`${__ENV.BASE_URL}/redirect/1`, { redirects: "x" }).status);
}
