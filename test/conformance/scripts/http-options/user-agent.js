// conformance: {"env":{"K6_USER_AGENT":"from the environment"}}
import http from "k6/http";

const sent = (params) => {
  const line = http.get(`${__ENV.FAULT_URL}/echo`, params).body.split("\r\n").find((text) => /^user-agent/iu.test(text));
  return line === undefined ? "none" : line;
};

export const options = { userAgent: "from the script" };

export default function () {
  console.log(sent());
  console.log(sent({ headers: { "User-Agent": "from the call" } }));
  console.log(sent({ headers: { "user-agent": "" } }));
}
