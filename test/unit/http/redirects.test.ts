/** Following redirects over real sockets: methods, bodies, credentials, cookies, limits. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { CookieJar, sendFollowingRedirects } from "../../../src/http/index.ts";
import type { HttpRequest, RedirectOptions } from "../../../src/http/index.ts";
import { get, onRequests, startClient, startRawServer } from "../../support/http-servers.ts";

interface Site {
  readonly port: number;
  /** Request heads in the order in which they came. */
  readonly heads: readonly string[];
  follow(
    request: HttpRequest,
    options?: Partial<RedirectOptions>,
  ): ReturnType<typeof sendFollowingRedirects>;
}

/** Answers a path with the head lines given for it, else with 200; every host name ending in .test leads here. */
async function startSite(t: TestContext, answers: Readonly<Record<string, string>>): Promise<Site> {
  const heads: string[] = [];
  const server = await startRawServer(t, (socket) => {
    onRequests(socket, (head) => {
      heads.push(head);
      const path = / (\S+) /u.exec(head)?.[1] ?? "";
      socket.write(`HTTP/1.1 ${answers[path] ?? "200 OK\r\nX: y"}\r\nContent-Length: 0\r\n\r\n`);
    });
  });
  const client = startClient(t, { hosts: { "*.test": `127.0.0.1:${server.port}` } });
  return {
    port: server.port,
    heads,
    follow: (request, options) =>
      sendFollowingRedirects(client, request, { maxRedirects: 10, ...options }),
  };
}

const start = "http://first.test/start";

describe("methods", () => {
  for (const [status, method, expected] of [
    [301, "POST", "GET"],
    [302, "PUT", "GET"],
    [303, "DELETE", "GET"],
    [303, "HEAD", "HEAD"],
    [307, "GET", "GET"],
    [308, "HEAD", "HEAD"],
  ] as const) {
    test(`${status} turns ${method} into ${expected}`, async (t) => {
      const site = await startSite(t, { "/start": `${status} Moved\r\nLocation: /end` });
      const headers = [
        ["Content-Type", "text/plain"],
        ["X-Mine", "1"],
      ] as const;
      const { exchanges, isLimitReached } = await site.follow(get(start, { method, headers }));
      assert.deepEqual(
        exchanges.map((exchange) => [exchange.method, exchange.url, exchange.status]),
        [
          [method, start, status],
          [expected, "http://first.test/end", 200],
        ],
      );
      assert.equal(isLimitReached, false);
      assert.match(site.heads[1] ?? "", /\r\nX-Mine: 1\r\n/u);
      assert.equal(/Content-Type/u.test(site.heads[1] ?? ""), status > 303);
    });
  }

  for (const status of [307, 308]) {
    test(`${status} repeats method and body`, async (t) => {
      const site = await startSite(t, { "/start": `${status} Moved\r\nLocation: /end` });
      await site.follow(get(start, { method: "PATCH", body: "" }));
      assert.match(
        site.heads[1] ?? "",
        /^PATCH \/end HTTP\/1\.1\r\n(?:.*\r\n)*Content-Length: 0\r\n/u,
      );
    });
  }

  test("a 3xx without Location, and 304, are answers", async (t) => {
    const site = await startSite(t, {
      "/start": "302 Found",
      "/same": "304 Not Modified\r\nLocation: /end",
    });
    for (const url of [start, "http://first.test/same"]) {
      assert.equal((await site.follow(get(url))).exchanges.length, 1);
    }
  });
});

describe("targets", () => {
  test("Location is resolved against the URL of its hop", async (t) => {
    const site = await startSite(t, {
      "/a/b": "302 F\r\nLocation: ../c?d=1#f",
      "/c?d=1": "302 F\r\nLocation: //second.test/e",
    });
    const { exchanges } = await site.follow(get("http://first.test/a/b"));
    assert.deepEqual(
      exchanges.map(({ url }) => url),
      ["http://first.test/a/b", "http://first.test/c?d=1#f", "http://second.test/e"],
    );
  });

  for (const [location, hops, message] of [
    [
      "http://[bad/",
      1,
      `failed to parse Location header "http://[bad/": parse "http://[bad/": missing ']' in host`,
    ],
    ["ftp://x.test/", 2, 'unsupported protocol scheme "ftp"'],
  ] as const) {
    test(`${location} fails hop ${hops}`, async (t) => {
      const site = await startSite(t, { "/start": `302 F\r\nLocation: ${location}` });
      const { exchanges } = await site.follow(get(start));
      assert.equal(exchanges.length, hops);
      const { status, failure } = exchanges.at(-1)!;
      assert.deepEqual([status, failure?.code, failure?.message], [0, 1000, message]);
    });
  }
});

describe("the limit", () => {
  for (const maxRedirects of [0, 1, 3]) {
    test(`of ${maxRedirects} returns redirect number ${maxRedirects + 1} and says so`, async (t) => {
      const site = await startSite(t, { "/start": "302 F\r\nLocation: /start" });
      const { exchanges, isLimitReached } = await site.follow(get(start), { maxRedirects });
      assert.deepEqual(
        [exchanges.length, exchanges.at(-1)?.status, isLimitReached],
        [maxRedirects + 1, 302, true],
      );
    });
  }

  test("of time holds for all hops together", async (t) => {
    const server = await startRawServer(t, (socket) => {
      onRequests(socket, () =>
        setTimeout(
          () => socket.write("HTTP/1.1 302 F\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
          20,
        ),
      );
    });
    const { exchanges } = await sendFollowingRedirects(
      startClient(t),
      get(server.url, { timeoutMs: 200 }),
      { maxRedirects: 1_000 },
    );
    assert.equal(exchanges.at(-1)?.failure?.code, 1050);
  });
});

describe("credentials", () => {
  const headers = [
    ["Authorization", "Bearer x"],
    ["Cookie", "own=1"],
  ] as const;

  test("stay for the same host and its subdomains", async (t) => {
    const site = await startSite(t, { "/start": "302 F\r\nLocation: http://sub.first.test/end" });
    await site.follow(get(start, { headers }));
    assert.match(site.heads[1] ?? "", /\r\nAuthorization: Bearer x\r\n/u);
    assert.match(site.heads[1] ?? "", /\r\nCookie: own=1\r\n/u);
  });

  test("of headers are dropped for another host, and stay dropped on the way back", async (t) => {
    const site = await startSite(t, {
      "/start": "302 F\r\nLocation: http://second.test/over",
      "/over": "302 F\r\nLocation: http://first.test/end",
    });
    const cookies = [{ name: "mine", value: "1", replace: false }];
    await site.follow(get(start, { headers }), { cookies });
    assert.match(site.heads[0] ?? "", /\r\nCookie: own=1; mine=1\r\n/u);
    // The cookies of the request itself go along, as in k6.
    for (const head of site.heads.slice(1)) {
      assert.doesNotMatch(head, /Authorization|own=1/u);
      assert.match(head, /\r\nCookie: mine=1\r\n/u);
    }
  });

  test("in a Location become Basic authorization", async (t) => {
    const site = await startSite(t, {
      "/start": "302 F\r\nLocation: http://me:p%40ss@first.test/end",
    });
    await site.follow(get(start));
    const expected = Buffer.from("me:p@ss").toString("base64");
    assert.ok(site.heads[1]?.includes(`\r\nAuthorization: Basic ${expected}\r\n`));
  });

  test("never appear in Referer, which an own Referer replaces", async (t) => {
    const site = await startSite(t, { "/start": "302 F\r\nLocation: /end" });
    await site.follow(get("http://me:secret@first.test/start#f"));
    assert.match(site.heads[1] ?? "", /\r\nReferer: http:\/\/first\.test\/start#f\r\n/u);
    await site.follow(get(start, { headers: [["referer", "http://mine.test/"]] }));
    assert.match(site.heads[3] ?? "", /\r\nreferer: http:\/\/mine\.test\/\r\n/u);
    assert.doesNotMatch(site.heads[3] ?? "", /Referer/u);
  });
});

describe("cookies", () => {
  test("of a hop reach the jar before the next hop is sent", async (t) => {
    const site = await startSite(t, {
      "/start": "302 F\r\nSet-Cookie: sid=1\r\nLocation: /end",
      "/end": "200 OK\r\nSet-Cookie: last=2",
    });
    const jar = new CookieJar();
    const seen: string[] = [];
    await site.follow(get(start), {
      jar,
      onExchange: ({ status }, cookies) =>
        seen.push(`${status} ${cookies.map(({ name }) => name).join()}`),
    });
    assert.deepEqual(seen, ["302 sid", "200 last"]);
    assert.match(site.heads[1] ?? "", /\r\nCookie: sid=1\r\n/u);
    assert.equal(jar.headerFor("http://first.test/"), "sid=1; last=2");
  });

  test("of the request stand beside the jar's, or replace them", async (t) => {
    const site = await startSite(t, {});
    const jar = new CookieJar();
    jar.set(start, "a", "jar");
    jar.set(start, "b", "jar");
    const cookies = [
      { name: "a", value: "mine", replace: true },
      { name: "b", value: "mine", replace: false },
    ];
    await site.follow(get(start), { jar, cookies });
    assert.match(site.heads[0] ?? "", /\r\nCookie: a=mine; b=mine; b=jar\r\n/u);
  });
});
