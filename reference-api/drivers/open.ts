/** Which engine: PostgreSQL when there is a URL, the embedded one otherwise. Only the driver in use is loaded. */
import type { Database, DatabaseOptions } from "../database.ts";

/**
 * Opens PostgreSQL when there is a URL, an empty in-memory PGlite otherwise.
 *
 * @throws LakhError `TARGET_DATABASE_URL`, `TARGET_DATABASE_UNREACHABLE`
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.databaseUrl === undefined) {
    const { openPglite } = await import("./pglite.ts");
    return openPglite();
  }
  const { openPostgres } = await import("./postgres.ts");
  return openPostgres({ ...options, databaseUrl: options.databaseUrl });
}
