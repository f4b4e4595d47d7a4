/**
 * The requests and sleeps of journey.js, with one of its ingredients a function: what each costs on top of `bare`.
 */
import http from "k6/http";
import { check, group, sleep } from "k6";
import { Counter, Trend } from "k6/metrics";

export const options = JSON.parse(__ENV.OPTIONS);

const base = __ENV.BASE_URL;
const params = { headers: { "Content-Type": "application/json" }, timeout: "30s" };
const paths = ["content/mobile/home", "search?q=drama", "engagement/series/saved"];
const urls = paths.map((path) => `${base}/api/v1/${path}`);
const guestUrl = `${base}/api/v1/auth/guest/init`;
const guest = { deviceId: "bench", deviceInfo: { platform: "android", version: "2.0.0" } };
const guestJson = JSON.stringify(guest);
const isOk = { "is 200": (r) => r.status === 200 };
const latency = new Trend("api_latency");
const requests = new Counter("request_count");

function think() {
  sleep(Math.random() * 2 + 0.5);
}

export function bare() {
  http.post(guestUrl, guestJson, params);
  sleep(0.1);
  http.get(urls[0], params);
  sleep(0.1);
  http.get(urls[1], params);
  sleep(0.1);
  http.get(urls[2], params);
  think();
}

export function checks() {
  check(http.post(guestUrl, guestJson, params), isOk);
  sleep(0.1);
  check(http.get(urls[0], params), isOk);
  sleep(0.1);
  check(http.get(urls[1], params), isOk);
  sleep(0.1);
  check(http.get(urls[2], params), isOk);
  think();
}

export function groups() {
  group("auth", () => {
    http.post(guestUrl, guestJson, params);
  });
  sleep(0.1);
  group("home_feed", () => {
    http.get(urls[0], params);
  });
  sleep(0.1);
  group("search", () => {
    http.get(urls[1], params);
  });
  sleep(0.1);
  group("engagement", () => {
    http.get(urls[2], params);
  });
  think();
}

function count(startMs) {
  latency.add(Date.now() - startMs);
  requests.add(1);
}

export function metrics() {
  let startMs = Date.now();
  http.post(guestUrl, guestJson, params);
  count(startMs);
  sleep(0.1);
  startMs = Date.now();
  http.get(urls[0], params);
  count(startMs);
  sleep(0.1);
  startMs = Date.now();
  http.get(urls[1], params);
  count(startMs);
  sleep(0.1);
  startMs = Date.now();
  http.get(urls[2], params);
  count(startMs);
  think();
}

/** Its call must not be its last act: then it waits itself, as the journey's does, and is not passed through. */
function api(method, url, body) {
  const response = method === "GET" ? http.get(url, params) : http.post(url, body, params);
  return response;
}

export function nested() {
  api("POST", guestUrl, guestJson);
  sleep(0.1);
  api("GET", urls[0]);
  sleep(0.1);
  api("GET", urls[1]);
  sleep(0.1);
  api("GET", urls[2]);
  think();
}

function freshParams() {
  return { headers: { "Content-Type": "application/json" }, timeout: "30s" };
}

export function fresh() {
  http.post(`${base}/api/v1/auth/guest/init`, JSON.stringify(guest), freshParams());
  sleep(0.1);
  http.get(`${base}/api/v1/${paths[0]}`, freshParams());
  sleep(0.1);
  http.get(`${base}/api/v1/${paths[1]}`, freshParams());
  sleep(0.1);
  http.get(`${base}/api/v1/${paths[2]}`, freshParams());
  think();
}
