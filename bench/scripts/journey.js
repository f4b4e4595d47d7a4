/**
 * The guide's journey for the bench: the same requests, checks, groups and custom metrics as load-tests/omgtv, looping
 * with the same think time. lakh and k6 run this very file; how much load there is comes in as OPTIONS.
 */
import http from "k6/http";
import { check, group, sleep } from "k6";
import { Counter, Rate, Trend } from "k6/metrics";

export const options = JSON.parse(__ENV.OPTIONS);

const errorRate = new Rate("error_rate");
const apiLatency = new Trend("api_latency");
const requestCount = new Counter("request_count");

const BASE_URL = __ENV.BASE_URL;
let guestTokens = {};

function api(method, endpoint, body = null, token = null) {
  const url = `${BASE_URL}${endpoint}`;
  const headers = { "Content-Type": "application/json" };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  const start = Date.now();
  const res =
    method === "GET"
      ? http.get(url, { headers, timeout: "30s" })
      : http.post(url, body ? JSON.stringify(body) : null, { headers, timeout: "30s" });
  apiLatency.add(Date.now() - start);
  requestCount.add(1);
  return res;
}

export default function () {
  const deviceId = `prod-test-${__VU}-${Date.now()}`;
  group("auth", () => {
    const guest = api("POST", "/api/v1/auth/guest/init", {
      deviceId,
      deviceInfo: { platform: "android", version: "2.0.0" },
    });
    if (check(guest, { "guest auth ok": (r) => r.status === 200 })) {
      guestTokens[__VU] = JSON.parse(guest.body).tokens?.accessToken;
    } else {
      errorRate.add(1);
    }
  });
  sleep(0.1);
  group("home_feed", () => {
    const home = api("GET", "/api/v1/content/mobile/home");
    check(home, {
      "home feed ok": (r) => r.status === 200,
      "home feed fast": (r) => r.timings.duration < 300,
    }) || errorRate.add(1);
  });
  sleep(0.1);
  group("search", () => {
    const queries = ["drama", "comedy", "action", "romance", "thriller"];
    const search = api(
      "GET",
      `/api/v1/search?q=${queries[Math.floor(Math.random() * queries.length)]}`,
    );
    check(search, { "search ok": (r) => r.status === 200 }) || errorRate.add(1);
  });
  sleep(0.1);
  group("engagement", () => {
    const token = guestTokens[__VU];
    if (!token) return;
    const saved = api("GET", "/api/v1/engagement/series/saved", null, token);
    check(saved, { "saved ok": (r) => r.status === 200 || r.status === 401 });
  });
  sleep(Math.random() * 2 + 0.5);
}
