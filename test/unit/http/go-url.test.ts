/** URLs as Go reads and writes them. Each line was asked of k6 2.2. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { normalizeUrl, parseGoUrl } from "../../../src/http/go-url.ts";

describe("normalizeUrl", () => {
  for (const [given, written] of [
    ["http://h/?a b", "http://h/?a b"],
    ["http://h/?é", "http://h/?é"],
    ["http://h/é?x=1", "http://h/%C3%A9?x=1"],
    ["http://h/a b?c d", "http://h/a%20b?c d"],
    ["http://h/a%2Fb c", "http://h/a/b%20c"],
    ["http://h/!*'()[]", "http://h/!*'()[]"],
    ['http://h/a"b<>\\^`{|}', "http://h/a%22b%3C%3E%5C%5E%60%7B%7C%7D"],
    ['http://h/?"<>\\^`{|}', 'http://h/?"<>\\^`{|}'],
    ["http://h?q", "http://h?q"],
    ["http://h#f", "http://h#f"],
    ["http://h/x#a b", "http://h/x#a%20b"],
    ["http://h/%41", "http://h/%41"],
    ["http://h//x//y/../z", "http://h//x//y/../z"],
    ["http://h/é%2f?", "http://h/%C3%A9/?"],
    ["HTTP://LocalHost:1/p", "http://LocalHost:1/p"],
    ["http://user:p%40ss@h/p", "http://user:p%40ss@h/p"],
    ["http://a:b:c@h/p", "http://a:b%3Ac@h/p"],
    ["http://us%20er:@h/p", "http://us%20er:@h/p"],
    ["http://exa<mple.invalid/", "http://exa<mple.invalid/"],
    ["http://[::1]:80/", "http://[::1]:80/"],
    ["/path", "/path"],
    ["mailto:x@y", "mailto:x@y"],
    ["http:127.0.0.1", "http:127.0.0.1"],
    ["http://a b/", "http://a b/"],
  ] as const) {
    test(`writes ${JSON.stringify(given)} as ${JSON.stringify(written)}`, () => {
      assert.equal(normalizeUrl(given), written);
    });
  }

  test("writes what it has written the same", () => {
    for (const url of ["http://h/é?é#é", "http://a:b:c@h/ x", "http://bücher.test/"]) {
      const once = normalizeUrl(url) as string;
      assert.equal(normalizeUrl(once), once);
    }
  });
});

describe("parseGoUrl", () => {
  test("names the first fault in Go's words", () => {
    for (const [url, text] of [
      ["http://a\tb/", 'parse "http://a\\tb/": net/url: invalid control character in URL'],
      ["http://[::1", `parse "http://[::1": missing ']' in host`],
      ["http://h/%zz#f", 'parse "http://h/%zz": invalid URL escape "%zz"'],
      ["http://h/%4", 'parse "http://h/%4": invalid URL escape "%4"'],
      ["a:b:c/x", undefined],
      ["1:b", 'parse "1:b": first path segment in URL cannot contain colon'],
    ] as const) {
      const parsed = parseGoUrl(url);
      assert.equal(parsed.kind === "problem" ? parsed.text : undefined, text, url);
    }
  });

  test("gives the parts: host as written, target in bytes", () => {
    const parsed = parseGoUrl("http://u@H.test:8/é?é b#f");
    assert.ok(parsed.kind === "url");
    assert.deepEqual(
      [parsed.scheme, parsed.userInfo, parsed.host, parsed.target],
      ["http", "u", "H.test:8", "/%C3%A9?\u00c3\u00a9 b"],
    );
  });
});
