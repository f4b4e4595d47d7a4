import assert from "node:assert/strict";
import { test } from "node:test";
import { formatUrl, parseUrl, resolveUrl, splitUrl } from "../../../../src/k6/html/urls.ts";

const base = "http://a/b/c/d;p?q";

/** RFC 3986, 5.4: the examples of reference resolution. */
const resolved: readonly (readonly [string, string])[] = [
  ["g", "http://a/b/c/g"],
  ["./g", "http://a/b/c/g"],
  ["g/", "http://a/b/c/g/"],
  ["/g", "http://a/g"],
  ["//g", "http://g"],
  ["?y", "http://a/b/c/d;p?y"],
  ["g?y#s", "http://a/b/c/g?y#s"],
  ["#s", "http://a/b/c/d;p?q#s"],
  ["", "http://a/b/c/d;p?q"],
  [".", "http://a/b/c/"],
  ["..", "http://a/b/"],
  ["../g", "http://a/b/g"],
  ["../../g", "http://a/g"],
  ["../../../g", "http://a/g"],
  ["g;x=1/../y", "http://a/b/c/y"],
  ["https://h:443/x", "https://h:443/x"],
];

for (const [reference, expected] of resolved) {
  test(`${JSON.stringify(reference)} resolves to ${expected}`, () => {
    assert.equal(resolveUrl(base, reference), expected);
  });
}

test("what Go refuses is refused in its words", () => {
  assert.equal(splitUrl("127.0.0.1:80/x"), "first path segment in URL cannot contain colon");
  assert.equal(splitUrl("http://h:x/"), 'invalid port ":x" after host');
  assert.equal(splitUrl("http://h/%zz"), 'invalid URL escape "%zz"');
  assert.equal(splitUrl("http://[h"), "missing ']' in host");
  assert.equal(splitUrl(":x"), "missing protocol scheme");
  assert.equal(splitUrl("http://h/\n"), "net/url: invalid control character in URL");
  assert.equal(resolveUrl(base, "%"), undefined);
});

test("the scheme is written in lower case and the path escaped, the query as it came", () => {
  assert.equal(formatUrl(parseUrl("HTTP://H/ä b?c d#e f")!), "http://H/%C3%A4%20b?c d#e%20f");
});
