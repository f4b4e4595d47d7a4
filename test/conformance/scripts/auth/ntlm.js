import http from "k6/http";

export default function () {
  const at = (pair) => __ENV.NTLM_URL.replace("http://", `http://${pair}@`);
  for (const url of [`${at("User:Password")}/a`, `${at("DOM%5CUser:Password")}/b`, `${__ENV.NTLM_URL}/c`]) {
    const r = http.post(url, "body", { auth: "ntlm", tags: { name: "ntlm" } });
    console.log(r.status, r.error_code, r.body);
  }
  console.log(http.get(`${__ENV.BASE_URL}/status/200`, { auth: "ntlm" }).status);
}
