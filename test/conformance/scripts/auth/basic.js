import http from "k6/http";

export default function () {
  const at = (pair) => __ENV.BASE_URL.replace("http://", `http://${pair}@`);
  for (const auth of [undefined, "basic"]) {
    const r = http.get(`${at("me:p%40ss")}/basic-auth/me/p@ss`, auth === undefined ? {} : { auth });
    console.log(r.status, r.body, r.url, JSON.stringify(Object.keys(r.request.headers)));
  }
  console.log(http.get(`${at("me:wrong")}/basic-auth/me/p@ss`).status);
  console.log(http.get(`${at("a:b:c")}/status/200`).url);
}
