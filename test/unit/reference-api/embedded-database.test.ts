/** What can only be seen next to the database: migrations, plans and upkeep, on the embedded engine. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Database } from "../../../reference-api/database.ts";
import { openDatabase } from "../../../reference-api/drivers/open.ts";
import { forgetIdleGuests, openGuest, savedBy } from "../../../reference-api/guests.ts";
import { applyMissing, migrate, migrations } from "../../../reference-api/migrations.ts";
import { selectMatches } from "../../../reference-api/routes/search.ts";

describe("embedded database", () => {
  let database: Database;
  const count = async (table: string): Promise<number> => {
    const text = `SELECT count(*)::integer AS rows FROM ${table}`;
    const [row] = await database.query<{ rows: number }>({ name: `count-${table}`, text });
    return row!.rows;
  };

  before(async () => {
    database = await openDatabase({
      databaseUrl: undefined,
      poolSize: 1,
      onConnectionLost: () => undefined,
    });
    await migrate(database);
  });
  after(() => database.close());

  it("holds the catalogue once, however often and however concurrently it is migrated", async () => {
    await Promise.all([migrate(database), migrate(database)]);
    assert.equal(await count("series"), 2_000);
    assert.equal(await count("schema_migrations"), migrations.length);
  });

  it("refuses a history in which a step was edited", async () => {
    const edited = [{ ...migrations[0]!, script: "SELECT 1" }, ...migrations.slice(1)];
    await assert.rejects(
      database.transaction((transaction) => applyMissing(transaction, edited)),
      { code: "TARGET_MIGRATION", message: /"0001-catalogue", which this version has otherwise/u },
    );
  });

  it("refuses a history with a step that it does not know", async () => {
    await assert.rejects(
      database.transaction((transaction) => applyMissing(transaction, migrations.slice(0, 1))),
      { code: "TARGET_MIGRATION", message: /"0002-guests", which this version does not know/u },
    );
  });

  it("leaves nothing of a step that fails", async () => {
    const broken = [
      ...migrations,
      { name: "9999-broken", script: "CREATE TABLE half (id integer); SELECT 1 / 0" },
    ];
    await assert.rejects(
      database.transaction((transaction) => applyMissing(transaction, broken)),
      /division by zero/u,
    );
    assert.equal(await count("schema_migrations"), migrations.length);
    await assert.rejects(count("half"), /relation "half" does not exist/u);
  });

  it("goes on after a statement that failed", async () => {
    const [row] = await database
      .query({ name: "bad-cast", text: "SELECT $1::integer AS value" }, ["x"])
      .catch((error: Error) => [error.message]);
    assert.match(String(row), /invalid input syntax/u);
    assert.deepEqual(
      await database.query({ name: "good", text: "SELECT $1::text AS value" }, ["é✓"]),
      [{ value: "é✓" }],
    );
  });

  it("decodes what the statements select as pg does", async () => {
    const text = `SELECT 7 AS whole, 1.5::float8 AS real, false AS flag, ARRAY['a b', 'c"d', NULL] AS list, NULL::text AS none`;
    assert.deepEqual(await database.query({ name: "types", text }), [
      { whole: 7, real: 1.5, flag: false, list: ["a b", 'c"d', null], none: null },
    ]);
  });

  it("finds rare words through the search index", async () => {
    const values = ["'silent:* & riv:*'", "20"];
    const text = selectMatches.text.replace("$1", values[0]!).replace("$2", values[1]!);
    const plan = await database.query<{ "QUERY PLAN": string }>({
      name: "explain",
      text: `EXPLAIN ${text}`,
    });
    assert.match(plan.map((row) => row["QUERY PLAN"]).join("\n"), /Index Scan on series_search/u);
  });

  it("forgets idle guests with what they saved, more than a batch of them, and keeps the others", async () => {
    await database.execute(`
      INSERT INTO guests (device_id, platform, app_version, last_seen_at)
        SELECT 'old-' || n, 'web', '1', now() - interval '1 hour' FROM generate_series(1, 501) AS n;
      INSERT INTO saved_series (guest_id, series_id) SELECT id, 1 FROM guests`);
    const kept = await openGuest(database, { deviceId: "new", platform: "tv", appVersion: "1" });
    assert.equal(await forgetIdleGuests(database, 900), 501);
    assert.equal((await savedBy(database, kept.id)).length, 3);
    assert.equal(await count("saved_series"), 3);
    assert.equal(await forgetIdleGuests(database, 900), 0);
  });

  it("keeps nothing of the answers", {
    skip: globalThis.gc === undefined && "needs --expose-gc",
  }, async () => {
    const searchTimes = async (times: number): Promise<number> => {
      for (let n = 0; n < times; n++) await database.query(selectMatches, ["drama:*", 20]);
      globalThis.gc!();
      return process.memoryUsage().heapUsed;
    };
    const before = await searchTimes(100);
    // An answer is about 8 KB in memory, so keeping them would be 8 MB; the allowance is for compiled code.
    assert.ok((await searchTimes(1_000)) - before < 2_000_000);
  });

  it("counts the queries that wait for its one connection", async () => {
    const answers = [1, 2, 3].map((n) =>
      database.query({ name: "wait", text: "SELECT $1::integer AS n" }, [n]),
    );
    assert.deepEqual(database.pool(), { size: 1, inUse: 1, waiting: 2 });
    await Promise.all(answers);
    assert.deepEqual(database.pool(), { size: 1, inUse: 0, waiting: 0 });
  });
});
