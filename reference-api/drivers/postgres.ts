/**
 * PostgreSQL over a pool of connections. Named statements are prepared once a connection. A query waits at most
 * five seconds for a connection and five for its answer: an overloaded database shows as 503, not as a pile of waiters.
 */
import pg from "pg";
import { LakhError } from "../../src/base/errors.ts";
import type { Database, DatabaseOptions, Queryable, SqlValue, Statement } from "../database.ts";

const connectTimeoutMs = 5_000;
const statementTimeoutMs = 5_000;

/** Options of this driver: the URL is there. */
export interface PostgresOptions extends DatabaseOptions {
  readonly databaseUrl: string;
}

/**
 * Connects once, so that a wrong address or password is an error of the start and not of the first request.
 *
 * @throws LakhError `TARGET_DATABASE_URL`, `TARGET_DATABASE_UNREACHABLE`
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const address = describeAddress(options.databaseUrl);
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: options.poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: "lakh-reference-api",
  });
  pool.on("error", options.onConnectionLost);
  try {
    (await connect(pool, address)).release();
  } catch (error) {
    await pool.end();
    throw error;
  }
  return fromPool(pool, address);
}

function fromPool(pool: pg.Pool, address: string): Database {
  const withClient = async <Result>(
    work: (client: pg.PoolClient) => Promise<Result>,
  ): Promise<Result> => {
    const client = await connect(pool, address);
    let broken: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      // A server error leaves the connection whole; anything else (a cut socket) does not, so it is not reused.
      if (!(error instanceof pg.DatabaseError)) broken = toError(error);
      throw error;
    } finally {
      client.release(broken);
    }
  };
  return {
    engine: "postgresql",
    pool: () => ({
      size: pool.totalCount,
      inUse: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
    query: (statement, values) =>
      withClient((client) => toQueryable(client).query(statement, values)),
    execute: (script) => withClient((client) => toQueryable(client).execute(script)),
    transaction: (work) => withClient((client) => inTransaction(client, work)),
    // autovacuum does it
    reclaim: () => Promise.resolve(),
    close: () => pool.end(),
  };
}

async function inTransaction<Result>(
  client: pg.PoolClient,
  work: (transaction: Queryable) => Promise<Result>,
): Promise<Result> {
  await client.query("BEGIN");
  try {
    // A start may wait for another start's migrations and seed for longer than a request may wait for a row.
    await client.query("SET LOCAL statement_timeout = 60000");
    const result = await work(toQueryable(client));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    // The first error is the one to report; a rollback on a cut connection fails as well, and means nothing new.
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

function toQueryable(client: pg.PoolClient): Queryable {
  return {
    async query<Row>(
      { name, text }: Statement,
      values: readonly SqlValue[] = [],
    ): Promise<readonly Row[]> {
      return (await client.query({ name, text, values: [...values] })).rows as Row[];
    },
    async execute(script: string): Promise<void> {
      await client.query(script);
    },
  };
}

async function connect(pool: pg.Pool, address: string): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (thrown) {
    const cause = toError(thrown);
    throw new LakhError(
      "TARGET_DATABASE_UNREACHABLE",
      `PostgreSQL at ${address}: ${reasonOf(cause)}`,
      {
        hint: "start it or correct DATABASE_URL; without DATABASE_URL the embedded database is used",
        cause,
      },
    );
  }
}

/** Host, port and database of the URL: enough to recognise it, without the password. */
function describeAddress(databaseUrl: string): string {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  if (url === undefined || !/^postgres(?:ql)?:$/u.test(url.protocol)) {
    throw new LakhError("TARGET_DATABASE_URL", "DATABASE_URL is not a PostgreSQL URL", {
      hint: "write postgres://user:password@host:5432/database",
    });
  }
  const host = url.searchParams.get("host") ?? (url.hostname || "localhost");
  return `${host}:${url.port || "5432"}${url.pathname}`;
}

/** Node gathers the failures of several addresses in an error without a message of its own. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError)
    return error.errors.map((each) => toError(each).message).join(", ");
  return error.message;
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
