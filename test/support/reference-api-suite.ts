/** The reference API's behaviour over real HTTP, the same for both engines. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";
import { after, before, it } from "node:test";
import { startReferenceApi, type ReferenceApi } from "../../reference-api/index.ts";

const jwtSecret = "0123456789abcdef0123456789abcdef";
const device = { deviceId: "phone-1", deviceInfo: { platform: "android", version: "2.0.0" } };

interface GuestInit {
  readonly guest: { readonly id: string; readonly isNew: boolean };
  readonly tokens: {
    readonly accessToken: string;
    readonly tokenType: string;
    readonly expiresInSeconds: number;
  };
}

interface Card {
  readonly id: number;
  readonly title: string;
  readonly genres: readonly string[];
  readonly savedAt?: string;
}

/** Registers the tests inside the caller's `describe`; `databaseUrl` is asked for when they start. */
export function describeReferenceApi(databaseUrl: () => string | undefined): void {
  let api: ReferenceApi;
  before(async () => {
    const url = databaseUrl();
    api = await startReferenceApi({
      jwtSecret,
      ...(url === undefined ? {} : { databaseUrl: url }),
    });
  });
  after(() => api.close());

  const read = async (
    path: string,
    token?: string,
  ): Promise<{ status: number; body: unknown; headers: Headers }> => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(api.url + path, { headers });
    return { status: answer.status, body: await answer.json(), headers: answer.headers };
  };
  const post = (body: string, type = "application/json"): Promise<Response> =>
    fetch(`${api.url}/api/v1/auth/guest/init`, {
      method: "POST",
      body,
      headers: { "content-type": type },
    });
  const openGuest = async (deviceId: string): Promise<GuestInit> =>
    (await (await post(JSON.stringify({ ...device, deviceId }))).json()) as GuestInit;
  const search = async (query: string): Promise<Card[]> => {
    const { status, body } = await read(`/api/v1/search?${query}`);
    assert.equal(status, 200);
    const { count, results } = body as { count: number; results: Card[] };
    assert.equal(count, results.length);
    return results;
  };

  it("opens a guest session with a signed token for the device", async () => {
    const { guest, tokens } = await openGuest("phone-1");
    assert.equal(guest.isNew, true);
    assert.match(guest.id, /^[0-9a-f-]{36}$/u);
    assert.equal(tokens.tokenType, "Bearer");
    const [head, payload, signature] = tokens.accessToken.split(".");
    assert.equal(sign(`${head}.${payload}`, jwtSecret), signature);
    const claims = JSON.parse(Buffer.from(payload!, "base64url").toString()) as Record<
      string,
      unknown
    >;
    assert.equal(claims["sub"], guest.id);
    assert.equal(Number(claims["exp"]) - Number(claims["iat"]), tokens.expiresInSeconds);
  });

  it("gives the same guest to the same device, also when it asks many times at once", async () => {
    const first = await openGuest("phone-2");
    const again = await Promise.all(Array.from({ length: 20 }, () => openGuest("phone-2")));
    for (const { guest } of again) assert.deepEqual(guest, { id: first.guest.id, isNew: false });
    const racing = await Promise.all(Array.from({ length: 20 }, () => openGuest("phone-3")));
    assert.equal(new Set(racing.map(({ guest }) => guest.id)).size, 1);
  });

  it("gives every device a guest of its own", async () => {
    const guests = await Promise.all(
      Array.from({ length: 100 }, (_, index) => openGuest(`crowd-${index}`)),
    );
    assert.equal(new Set(guests.map(({ guest }) => guest.id)).size, 100);
  });

  it("refuses a body that is not a device", async () => {
    const bad: [string, number][] = [
      ["{", 400],
      ["{}", 400],
      [JSON.stringify({ deviceId: "x" }), 400],
      [JSON.stringify({ ...device, deviceId: "" }), 400],
      [JSON.stringify({ ...device, deviceId: "x".repeat(129) }), 400],
      [JSON.stringify({ ...device, deviceInfo: { platform: "toaster", version: "1" } }), 400],
      [JSON.stringify({ ...device, padding: "x".repeat(70_000) }), 413],
    ];
    for (const [body, status] of bad) {
      const answer = await post(body);
      assert.equal(answer.status, status, body.slice(0, 80));
      const { error } = (await answer.json()) as { error: { code: string; message: string } };
      assert.ok(error.code !== "" && error.message !== "", body.slice(0, 80));
    }
    assert.equal((await post("deviceId=x", "text/csv")).status, 415);
  });

  it("serves a home feed of eight full rails", async () => {
    const { status, body, headers } = await read("/api/v1/content/mobile/home");
    assert.equal(status, 200);
    assert.equal(headers.get("cache-control"), "public, max-age=1");
    const { rails } = body as { rails: { slug: string; series: Card[] }[] };
    const slugs = [
      "trending",
      "new",
      "top-rated",
      "drama",
      "romance",
      "comedy",
      "thriller",
      "action",
    ];
    assert.deepEqual(
      rails.map((rail) => rail.slug),
      slugs,
    );
    for (const { slug, series } of rails) {
      assert.equal(new Set(series.map(({ id }) => id)).size, 12, slug);
    }
    for (const { slug, series } of rails.slice(3)) {
      assert.ok(
        series.every(({ genres }) => genres.includes(slug)),
        slug,
      );
    }
  });

  it("finds series by genre, 20 at first and as many as asked", async () => {
    const results = await search("q=drama");
    assert.equal(results.length, 20);
    assert.ok(results.every(({ genres }) => genres.includes("drama")));
    assert.deepEqual(await search("q=drama&limit=3"), results.slice(0, 3));
    assert.equal((await search("q=drama&limit=50")).length, 50);
  });

  it("finds series by the beginnings of all words of the text, in any case", async () => {
    const titles = (await search("q=RIV+silen")).map(({ title }) => title).sort();
    assert.deepEqual(titles, ["Silent Rival", "Silent River"]);
  });

  it("treats operators and quotes in the text as nothing", async () => {
    assert.deepEqual(await search("q=%27%20%26%20%21%28"), []);
    assert.deepEqual(await search("q=zzzz%27%3B%20DROP%20TABLE%20series%3B--"), []);
    assert.equal((await search("q=%21drama")).length, 20);
  });

  it("refuses a search without text, and a limit out of range", async () => {
    for (const query of [
      "",
      "q=",
      "q=drama&limit=0",
      "q=drama&limit=51",
      "q=drama&limit=x",
      `q=${"x".repeat(65)}`,
    ]) {
      const { status } = await read(`/api/v1/search?${query}`);
      assert.equal(status, 400, query);
    }
  });

  it("lists what the guest of the token saved", async () => {
    const { tokens } = await openGuest("phone-4");
    const { status, body } = await read("/api/v1/engagement/series/saved", tokens.accessToken);
    assert.equal(status, 200);
    const { count, series } = body as { count: number; series: Card[] };
    assert.equal(count, 3);
    assert.equal(series.length, 3);
    for (const { savedAt } of series)
      assert.match(String(savedAt), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u);
  });

  it("answers 401 without a valid token", async () => {
    const { guest, tokens } = await openGuest("phone-5");
    const [head, payload] = tokens.accessToken.split(".");
    const claims = {
      sub: guest.id,
      role: "guest",
      iss: "lakh-reference-api",
      iat: 1,
      exp: 4_000_000_000,
    };
    assert.equal(
      (await read("/api/v1/engagement/series/saved", token(claims, jwtSecret))).status,
      200,
    );
    const bad: Record<string, string | undefined> = {
      none: undefined,
      garbage: "x.y.z",
      "signed by another": token(claims, "another secret, which is as long"),
      "not signed": `${encode({ alg: "none", typ: "JWT" })}.${payload}.`,
      "cut signature": `${head}.${payload}.AAAA`,
      "of another issuer": token({ ...claims, iss: "elsewhere" }, jwtSecret),
      expired: token({ ...claims, exp: 2 }, jwtSecret),
    };
    for (const [name, value] of Object.entries(bad)) {
      const { status, body, headers } = await read("/api/v1/engagement/series/saved", value);
      assert.equal(status, 401, name);
      assert.equal(headers.get("www-authenticate"), "Bearer", name);
      assert.equal((body as { error: { code: string } }).error.code, "UNAUTHENTICATED", name);
    }
  });

  it("says that it is healthy, and over which database", async () => {
    const database = databaseUrl() === undefined ? "pglite" : "postgresql";
    const { status, body } = await read("/healthz");
    assert.deepEqual({ status, body }, { status: 200, body: { status: "ok", database } });
  });

  it("answers 404 in the same form for what is not there", async () => {
    const { status, body } = await read("/api/v2/nothing?x=1");
    assert.equal(status, 404);
    assert.equal((body as { error: { code: string } }).error.code, "NOT_FOUND");
  });

  it("exposes request durations by route, the process and the pool", async () => {
    await read("/api/v1/search?q=drama");
    await read("/api/v1/engagement/series/saved");
    const text = await (await fetch(`${api.url}/metrics`)).text();
    const value = (series: string): number =>
      Number(
        text
          .split("\n")
          .find((line) => line.startsWith(`${series} `))
          ?.split(" ")[1],
      );
    const count = "http_request_duration_seconds_count";
    assert.ok(value(`${count}{route="/api/v1/search",method="GET",status="200"}`) >= 1);
    assert.ok(
      value(`${count}{route="/api/v1/engagement/series/saved",method="GET",status="401"}`) >= 1,
    );
    assert.ok(value(`${count}{route="unmatched",method="GET",status="404"}`) >= 1);
    assert.doesNotMatch(text, /route="[^"]*\?/u);
    assert.ok(value("process_cpu_seconds_total") > 0);
    assert.ok(value("process_resident_memory_bytes") > 0);
    assert.ok(value("nodejs_eventloop_lag_p99_seconds") >= 0);
    assert.ok(value("db_pool_size") >= 1);
    assert.ok(value("db_pool_in_use") >= 0);
    assert.equal(value("db_pool_waiting"), 0);
  });

  it("keeps a connection open for longer than a minute between requests", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const keepAlive = await new Promise((resolve, reject) => {
      request(`${api.url}/healthz`, { agent }, (answer) => {
        answer.resume().on("end", () => resolve(answer.headers["keep-alive"]));
      })
        .on("error", reject)
        .end();
    });
    agent.destroy();
    assert.equal(keepAlive, "timeout=72");
  });
}

function token(claims: object, secret: string): string {
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${text}.${sign(text, secret)}`;
}

function sign(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("base64url");
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
