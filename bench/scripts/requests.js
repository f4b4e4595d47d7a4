/**
 * One kind of request a function, each with a check. lakh and k6 run this very file; the bench says in OPTIONS which
 * function runs (`exec`) and how much load there is.
 */
import http from "k6/http";
import { check, sleep } from "k6";
import exec from "k6/execution";
import { Trend } from "k6/metrics";

export const options = JSON.parse(__ENV.OPTIONS);

const base = __ENV.BASE_URL;
const order = __ENV.BODY;
const json = { headers: { "Content-Type": "application/json" } };
const tagSets = 500;
const thinkSeconds = 30;
const startLateness = new Trend("start_lateness", true);
const dueEveryMs = 1_000 / Number(__ENV.RATE);

export function get() {
  check(http.get(`${base}/small`), { "is 200": (r) => r.status === 200 });
}

export function getHttp2() {
  check(http.get(`${base}/small`), {
    "is 200 by HTTP/2": (r) => r.status === 200 && r.proto === "HTTP/2.0",
  });
}

export function post() {
  check(http.post(`${base}/orders`, order, json), { "is 200": (r) => r.status === 200 });
}

export function largeUsed() {
  check(http.get(`${base}/large`), { "is whole": (r) => r.body.length === 102400 });
}

export function largeDiscarded() {
  check(http.get(`${base}/large`), { "is 200": (r) => r.status === 200 });
}

export function tagged() {
  const params = { tags: { set: `set ${(__VU * 7 + __ITER) % tagSets}` } };
  check(http.get(`${base}/small`, params), { "is 200": (r) => r.status === 200 });
}

/** A user who thinks long: so that very many of them are a low rate. */
export function patient() {
  sleep(Math.random() * thinkSeconds);
  check(http.get(`${base}/small`), { "is 200": (r) => r.status === 200 });
  sleep(thinkSeconds);
}

/** As get, at a constant rate: tells how much later than due each iteration starts. */
export function getWhenDue() {
  const { startTime, iterationInTest } = exec.scenario;
  startLateness.add(Date.now() - startTime - iterationInTest * dueEveryMs);
  get();
}
