// conformance: {"args":["--iterations","2"]}
import http from "k6/http";

export const options = { noVUConnectionReuse: true };

const isNew = (response) => response.timings.connecting > 0;

export default function () {
  console.log(isNew(http.get(`${__ENV.FAULT_URL}/ok`)), isNew(http.get(`${__ENV.FAULT_URL}/ok`)));
}
