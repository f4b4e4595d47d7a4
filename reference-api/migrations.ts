/**
 * The schema, as an ordered list of SQL scripts that is only ever appended to, and the seed of the catalogue.
 * All of it runs in one transaction under one advisory lock, so starts may race: the first does the work, the
 * others find it done; a start that dies half-way leaves nothing behind.
 */
import { createHash } from "node:crypto";
import { LakhError } from "../src/base/errors.ts";
import type { Database, Queryable } from "./database.ts";
import { catalogue } from "./catalogue.ts";

/** One step of the schema. */
export interface Migration {
  readonly name: string;
  readonly script: string;
}

/** Every step, oldest first. Never edit one that was released: append. */
export const migrations: readonly Migration[] = [
  {
    name: "0001-catalogue",
    script: `
      CREATE TABLE series (
        id integer PRIMARY KEY,
        slug text NOT NULL UNIQUE,
        title text NOT NULL,
        synopsis text NOT NULL,
        genres text[] NOT NULL,
        language text NOT NULL,
        episode_count integer NOT NULL CHECK (episode_count > 0),
        rating double precision NOT NULL CHECK (rating BETWEEN 0 AND 5),
        popularity integer NOT NULL CHECK (popularity >= 0),
        released_on date NOT NULL,
        search tsvector NOT NULL
          GENERATED ALWAYS AS (to_tsvector('simple', title) || array_to_tsvector(genres)) STORED
      );
      CREATE INDEX series_search ON series USING gin (search);
      CREATE INDEX series_genres ON series USING gin (genres);
      CREATE INDEX series_popularity ON series (popularity DESC, id);
      CREATE INDEX series_rating ON series (rating DESC, id);
      CREATE INDEX series_released_on ON series (released_on DESC, id);

      CREATE TABLE home_rails (
        position integer PRIMARY KEY,
        slug text NOT NULL UNIQUE,
        title text NOT NULL,
        source text NOT NULL CHECK (source IN ('popular', 'new', 'rated', 'genre')),
        genre text CHECK ((source = 'genre') = (genre IS NOT NULL))
      );
      INSERT INTO home_rails (position, slug, title, source, genre) VALUES
        (1, 'trending', 'Trending now', 'popular', NULL),
        (2, 'new', 'New this week', 'new', NULL),
        (3, 'top-rated', 'Top rated', 'rated', NULL),
        (4, 'drama', 'Drama', 'genre', 'drama'),
        (5, 'romance', 'Romance', 'genre', 'romance'),
        (6, 'comedy', 'Comedy', 'genre', 'comedy'),
        (7, 'thriller', 'Thriller', 'genre', 'thriller'),
        (8, 'action', 'Action', 'genre', 'action');
    `,
  },
  {
    // Guest sessions are worth no more than their token: unlogged tables, so that writing one costs no log record.
    // No foreign key on series_id: each insert would share-lock the same few catalogue rows, which are never deleted.
    name: "0002-guests",
    script: `
      CREATE UNLOGGED TABLE guests (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        device_id text NOT NULL UNIQUE,
        platform text NOT NULL,
        app_version text NOT NULL,
        first_seen_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX guests_last_seen_at ON guests (last_seen_at);

      CREATE UNLOGGED TABLE saved_series (
        guest_id uuid NOT NULL REFERENCES guests (id) ON DELETE CASCADE,
        series_id integer NOT NULL,
        saved_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (guest_id, series_id)
      );
    `,
  },
];

/** Any fixed number does; it must only be the same in all versions. */
const advisoryLock = 5_104_100;

/**
 * Brings the schema and the catalogue up to this version. Safe to call any number of times and concurrently.
 *
 * @throws LakhError `TARGET_MIGRATION` when the database holds another history than {@link migrations}
 */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.execute(`SELECT pg_advisory_xact_lock(${advisoryLock})`);
    await applyMissing(transaction, migrations);
    await seedCatalogue(transaction);
  });
}

/** Applies the steps that `transaction`'s database does not have yet, after checking those that it has. */
export async function applyMissing(
  transaction: Queryable,
  steps: readonly Migration[],
): Promise<void> {
  await transaction.execute(`
    CREATE TABLE IF NOT EXISTS schema_migrations (
      position integer PRIMARY KEY,
      name text NOT NULL,
      sha256 text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
  const applied = await transaction.query<{ name: string; sha256: string }>({
    name: "migrations-applied",
    text: "SELECT name, sha256 FROM schema_migrations ORDER BY position",
  });
  applied.forEach((row, index) => assertSameStep(row, steps[index]));
  for (const [offset, step] of steps.slice(applied.length).entries()) {
    await transaction.execute(step.script);
    await transaction.query(
      {
        name: "migrations-record",
        text: "INSERT INTO schema_migrations (position, name, sha256) VALUES ($1, $2, $3)",
      },
      [applied.length + offset + 1, step.name, fingerprint(step)],
    );
  }
}

function assertSameStep(
  applied: { name: string; sha256: string },
  step: Migration | undefined,
): void {
  if (step !== undefined && applied.name === step.name && applied.sha256 === fingerprint(step))
    return;
  throw new LakhError(
    "TARGET_MIGRATION",
    `the database holds migration "${applied.name}", which this version ${step === undefined ? "does not know" : "has otherwise"}`,
    { hint: "point DATABASE_URL at an empty database of its own" },
  );
}

/** Indentation is no part of a step's meaning. */
function fingerprint(step: Migration): string {
  return createHash("sha256").update(step.script.replaceAll(/\s+/gu, " ").trim()).digest("hex");
}

async function seedCatalogue(transaction: Queryable): Promise<void> {
  const [state] = await transaction.query<{ seeded: boolean }>({
    name: "catalogue-seeded",
    text: "SELECT EXISTS (SELECT FROM series) AS seeded",
  });
  if (state?.seeded === true) return;
  await transaction.query(insertCatalogue, [JSON.stringify(catalogue())]);
  // Without statistics the planner would take 2,000 rows for a handful and pass by the search index.
  await transaction.execute("ANALYZE series, home_rails");
}

const insertCatalogue = {
  name: "catalogue-insert",
  text: `
    INSERT INTO series (id, slug, title, synopsis, genres, language, episode_count, rating, popularity, released_on)
    SELECT id, slug, title, synopsis, genres, language, "episodeCount", rating, popularity, "releasedOn"
    FROM json_to_recordset($1::json) AS seed (
      id integer, slug text, title text, synopsis text, genres text[], language text,
      "episodeCount" integer, rating double precision, popularity integer, "releasedOn" date
    )`,
};
