/** The jar's operations and the cookies of a response, as k6 shows them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CookieJar, parseSetCookies } from "../../../src/http/index.ts";
import type { Exchange } from "../../../src/http/index.ts";
import { createExchange } from "../../../src/http/pending-exchange.ts";

const url = "http://shop.test/cart/list";

function received(...values: string[]): Exchange {
  const exchange = createExchange("GET", url);
  exchange.headers = values.map((value) => ["Set-Cookie", value] as const);
  return exchange;
}

describe("CookieJar", () => {
  test("is empty until it holds a cookie, and again when the last is gone", () => {
    const jar = new CookieJar();
    assert.deepEqual(
      [jar.isEmpty, jar.headerFor(url), jar.cookiesForUrl(url)],
      [true, undefined, {}],
    );
    jar.set(url, "a", "1");
    assert.equal(jar.isEmpty, false);
    jar.delete(url, "other");
    assert.equal(jar.headerFor(url), "a=1");
    jar.delete(url, "a");
    assert.equal(jar.isEmpty, true);
  });

  test("keeps to domain, path and secure", () => {
    const jar = new CookieJar();
    jar.storeAll(url, [
      ["Content-Type", "text/plain"],
      ["Set-Cookie", "host=1"],
      ["set-cookie", "root=2; Path=/"],
      ["Set-Cookie", "all=3; Path=/; Domain=.shop.test"],
      ["Set-Cookie", "tls=4; Path=/; Secure"],
      ["Set-Cookie", "alien=5; Domain=other.test"],
    ]);
    assert.equal(jar.headerFor(url), "host=1; root=2; all=3");
    assert.equal(jar.headerFor("http://shop.test/"), "root=2; all=3");
    assert.equal(jar.headerFor("https://shop.test/"), "root=2; all=3; tls=4");
    assert.equal(jar.headerFor("http://api.shop.test/"), "all=3");
    assert.equal(jar.headerFor("http://other.test/"), undefined);
  });

  test("obeys expiry, and deletes by it", () => {
    const jar = new CookieJar();
    jar.storeAll(url, [
      ["Set-Cookie", "a=1; Max-Age=1000"],
      ["Set-Cookie", "b=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
    ]);
    assert.deepEqual(jar.cookiesForUrl(url), { a: ["1"] });
    jar.storeAll(url, [["Set-Cookie", "a=; Max-Age=0"]]);
    assert.equal(jar.isEmpty, true);
  });

  test("gives all values of a name", () => {
    const jar = new CookieJar();
    jar.set(url, "a", "1", { path: "/cart" });
    jar.set(url, "a", "2", { path: "/" });
    assert.deepEqual(jar.cookiesForUrl(url), { a: ["1", "2"] });
  });

  test("takes every attribute of set", () => {
    const jar = new CookieJar();
    const expires = new Date(Date.now() + 60_000);
    jar.set(url, "a", "1", {
      domain: ".shop.test",
      path: "/",
      expires,
      secure: true,
      httpOnly: true,
    });
    jar.set(url, "gone", "1", { maxAgeSeconds: -1 });
    jar.set(url, "alien", "1", { domain: "other.test" });
    assert.deepEqual(jar.cookiesForUrl("https://www.shop.test/"), { a: ["1"] });
    assert.deepEqual(jar.cookiesForUrl(url), {});
  });

  test("clears what goes to one URL only", () => {
    const jar = new CookieJar();
    jar.set("http://a.test/", "x", "1");
    jar.set("http://b.test/", "y", "1");
    jar.clear("http://a.test/");
    assert.deepEqual(
      [jar.headerFor("http://a.test/"), jar.headerFor("http://b.test/")],
      [undefined, "y=1"],
    );
  });

  test("works for addresses and localhost, ignoring ports", () => {
    const jar = new CookieJar();
    for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
      jar.set(`http://${host}:8080/`, "a", "1");
      assert.equal(jar.headerFor(`http://${host}:9090/x`), "a=1", host);
    }
  });

  test("ignores what is no URL", () => {
    const jar = new CookieJar();
    jar.set("nonsense", "a", "1");
    assert.equal(jar.isEmpty, true);
    jar.set(url, "a", "1");
    assert.deepEqual(
      [jar.headerFor("nonsense"), jar.cookiesForUrl("http://[bad")],
      [undefined, {}],
    );
  });
});

describe("parseSetCookies", () => {
  test("gives k6's fields", () => {
    const text =
      "id=abc=; Domain=.shop.test; Path=/x; HttpOnly; Secure; Max-Age=60; Expires=Wed, 09 Jun 2021 10:18:14 GMT";
    assert.deepEqual(parseSetCookies(received(text)), [
      {
        name: "id",
        value: "abc=",
        domain: ".shop.test",
        path: "/x",
        http_only: true,
        secure: true,
        max_age: 60,
        expires: 1_623_233_894_000,
      },
    ]);
  });

  test("gives Go's zero values for what is absent, and -1 for deletion", () => {
    const [plain, deleted] = parseSetCookies(received('a="q"', "b=; Max-Age=0"));
    assert.deepEqual(plain, {
      name: "a",
      value: "q",
      domain: "",
      path: "",
      http_only: false,
      secure: false,
      max_age: 0,
      expires: -6_795_364_578_871,
    });
    assert.equal(deleted?.max_age, -1);
  });

  test("drops what has no name or bytes that Go refuses", () => {
    const value = Buffer.from("ü", "utf8").toString("latin1");
    assert.deepEqual(
      parseSetCookies(received("nonsense", "=x", `a=${value}`, "b c=1", "d=e f")).map(
        (cookie) => cookie.value,
      ),
      ["e f"],
    );
  });
});
