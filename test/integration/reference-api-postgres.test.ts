import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startReferenceApi } from "../../reference-api/index.ts";
import { findPostgresBinaries, startPostgres, type TestPostgres } from "../support/postgres.ts";
import { describeReferenceApi } from "../support/reference-api-suite.ts";

const binaries = findPostgresBinaries();
// CI installs PostgreSQL and says that nothing may be skipped: then a missing one fails in `startPostgres`.
const maySkip = process.env["LAKH_NO_SKIPS"] !== "1";
const skip =
  binaries === undefined && maySkip ? "no initdb, postgres and psql on this machine" : false;

describe("reference API on PostgreSQL", { skip }, () => {
  let postgres: TestPostgres;
  let sharedUrl: string;
  before(async () => {
    postgres = await startPostgres(binaries);
    sharedUrl = postgres.createDatabase("shared");
  });
  after(() => postgres.stop());

  describe("behaves as on the embedded database", () => describeReferenceApi(() => sharedUrl));

  it("lets several replicas start at once on an empty database, and share what one of them writes", async () => {
    const databaseUrl = postgres.createDatabase("replicas");
    const jwtSecret = "a secret that all replicas have in common";
    const replicas = await Promise.all(
      [1, 2, 3].map(() => startReferenceApi({ databaseUrl, jwtSecret, poolSize: 2 })),
    );
    const body = JSON.stringify({ deviceId: "d", deviceInfo: { platform: "ios", version: "1" } });
    const headers = { "content-type": "application/json" };
    const guests = [];
    for (const { url } of replicas) {
      const answer = await fetch(`${url}/api/v1/auth/guest/init`, {
        method: "POST",
        body,
        headers,
      });
      guests.push(
        (await answer.json()) as { guest: { id: string }; tokens: { accessToken: string } },
      );
    }
    assert.equal(new Set(guests.map(({ guest }) => guest.id)).size, 1);
    const authorization = `Bearer ${guests[0]!.tokens.accessToken}`;
    const saved = await fetch(`${replicas[2]!.url}/api/v1/engagement/series/saved`, {
      headers: { authorization },
    });
    assert.equal(((await saved.json()) as { count: number }).count, 3);
    await Promise.all(replicas.map((replica) => replica.close()));
  });

  it("names the database that is not there, without the password", async () => {
    const databaseUrl = sharedUrl.replace("lakh@", "lakh:secret@").replace("/shared", "/nowhere");
    await assert.rejects(startReferenceApi({ databaseUrl }), (error: Error & { code?: string }) => {
      assert.equal(error.code, "TARGET_DATABASE_UNREACHABLE");
      assert.match(error.message, /127\.0\.0\.1:\d+\/nowhere: database "nowhere" does not exist/u);
      assert.doesNotMatch(error.message, /secret/u);
      return true;
    });
  });

  it("answers 503 while the database is away", async () => {
    const away = await startPostgres(binaries);
    const api = await startReferenceApi({ databaseUrl: away.createDatabase("away") });
    assert.equal((await fetch(`${api.url}/healthz`)).status, 200);
    await away.stop();
    assert.equal((await fetch(`${api.url}/healthz`)).status, 503);
    const answer = await fetch(`${api.url}/api/v1/search?q=drama`);
    assert.equal(answer.status, 503);
    assert.equal(
      ((await answer.json()) as { error: { code: string } }).error.code,
      "DATABASE_UNAVAILABLE",
    );
    await api.close();
  });
});
