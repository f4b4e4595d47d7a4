import http from "k6/http";

export const options = {
  tlsAuth: [{ cert: __ENV.CLIENT_CERT, key: __ENV.CLIENT_KEY, domains: ["localhost"] }],
  insecureSkipTLSVerify: true,
};

export default function () {
  console.log(http.get(`${__ENV.MUTUAL_URL}/ok`).status);
}
