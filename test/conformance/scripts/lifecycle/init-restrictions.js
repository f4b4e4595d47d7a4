// What the init context refuses, and with which words.
import { check, group, sleep, fail, randomSeed } from 'k6';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import crypto from 'k6/crypto';

const counter = new Counter('counter');
const attempts = {
  get: () => http.get(__ENV.BASE_URL),
  batch: () => http.batch([__ENV.BASE_URL]),
  check: () => check(1, { one: () => true }),
  group: () => group('g', () => {}),
  add: () => counter.add(1),
  cookieJar: () => http.cookieJar(),
  newCookieJar: () => typeof new http.CookieJar(),
  sleep: () => sleep(0.001),
  fail: () => fail('reason'),
  seed: () => randomSeed(1),
  vu: () => exec.vu.idInTest,
  scenario: () => exec.scenario.name,
  instance: () => exec.instance.vusActive,
  options: () => typeof exec.test.options,
  open: () => open('./nope.txt'),
  openNothing: () => open(''),
  trend: () => typeof new Trend('trend', true),
  array: () => new SharedArray('a', () => [1]).length,
  hash: () => crypto.md5('x', 'hex'),
};

if (__VU === 1) {
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      console.log(name, 'allowed', attempt());
    } catch (error) {
      console.log(name, error?.name, error?.message ?? error);
    }
  }
}

export default function () {}
