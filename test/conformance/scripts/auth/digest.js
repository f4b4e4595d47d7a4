import http from "k6/http";

export default function () {
  const at = (pair) => __ENV.BASE_URL.replace("http://", `http://${pair}@`);
  for (const [method, url, body] of [
    ["GET", `${at("me:secret")}/digest-auth/me/secret`],
    ["POST", `${at("me:secret")}/digest-auth/me/secret?a=b`, "hello"],
    ["GET", `${at("me:wrong")}/digest-auth/me/secret`],
    ["GET", `${__ENV.BASE_URL}/digest-auth/me/secret`],
    ["GET", `${at("me:secret")}/status/200`],
  ]) {
    const r = http.request(method, url, body, { auth: "digest" });
    console.log(method, r.status, r.error_code, r.body, r.url, r.request.url);
  }
  const asked = http.batch([["GET", `${at("me:secret")}/digest-auth/me/secret`, null, { auth: "digest" }]]);
  console.log(asked[0].status);
}
