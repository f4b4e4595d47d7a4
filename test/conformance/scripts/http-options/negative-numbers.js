import http from "k6/http";

export const options = { rps: -1, maxRedirects: -1, minIterationDuration: "-1s", httpDebug: "" };

export default function () {
  console.log(http.get(`${__ENV.FAULT_URL}/ok`).status);
}
