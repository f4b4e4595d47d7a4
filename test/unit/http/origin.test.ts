/** From a URL to where it goes and what is asked there. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProxyRules } from "../../../src/http/proxies.ts";
import { isOrigin, OriginCache, requestTarget } from "../../../src/http/origin.ts";

const noProxies = new ProxyRules({ http: "", https: "", none: "" });

function targetOf(url: string): string | undefined {
  const origin = new OriginCache(noProxies).find(url);
  if (!isOrigin(origin)) return undefined;
  const target = requestTarget(url, origin.prefix.length);
  return typeof target === "string" ? target : undefined;
}

describe("OriginCache", () => {
  for (const [url, key, hostHeader] of [
    ["http://Example.test", "http://example.test:80", "Example.test"],
    ["HTTPS://example.test/x", "https://example.test:443", "example.test"],
    ["https://example.test:8443?x", "https://example.test:8443", "example.test:8443"],
    ["http://me:secret@example.test/", "http://example.test:80", "example.test"],
    ["http://[::1]:81/", "http://[::1]:81", "[::1]:81"],
    ["http://bücher.test#x", "http://xn--bcher-kva.test:80", "xn--bcher-kva.test"],
  ] as const) {
    test(url, () => {
      const origin = new OriginCache(noProxies).find(url);
      assert.ok(isOrigin(origin));
      assert.deepEqual([origin.key, origin.hostHeader], [key, hostHeader]);
    });
  }

  test("does not take a longer host for the last one", () => {
    const cache = new OriginCache(noProxies);
    const short = cache.find("http://a.test/1");
    assert.equal(cache.find("http://a.test?2"), short);
    const long = cache.find("http://a.test.evil/1");
    assert.ok(isOrigin(long));
    assert.equal(long.hostname, "a.test.evil");
    assert.equal(cache.find("http://a.test"), short);
  });

  test("stays correct when more origins are used than it keeps", () => {
    const cache = new OriginCache(noProxies);
    for (let index = 0; index < 2_500; index++) {
      const origin = cache.find(`http://h${index}.test/`);
      assert.ok(isOrigin(origin) && origin.hostname === `h${index}.test`);
    }
  });
});

describe("requestTarget", () => {
  for (const [url, target] of [
    ["http://a.test", "/"],
    ["http://a.test/", "/"],
    ["http://a.test#f", "/"],
    ["http://a.test?x=1", "/?x=1"],
    ["http://a.test/a/./../b//c", "/a/./../b//c"],
    ["http://a.test/a%2Fb?c=%zz#f?g", "/a%2Fb?c=%zz"],
    ["http://a.test/a b?c d", "/a%20b?c d"],
    ["http://a.test/é?☃", "/%C3%A9?\u00e2\u0098\u0083"],
    ['http://a.test/{a}|"?{b}', "/%7Ba%7D%7C%22?{b}"],
    ["http://a.test/%4", undefined],
    ["http://a.test/a\tb", undefined],
    ["http://a.test/\ud800", "/%EF%BF%BD"],
  ] as const) {
    test(`${JSON.stringify(url)} asks for ${target ?? "nothing: invalid"}`, () => {
      assert.equal(targetOf(url), target);
    });
  }
});
