/**
 * PostgreSQL compiled to WebAssembly, in this process and in memory. One connection: queries queue up in PGlite,
 * and each holds the event loop while it runs (about 0.15 ms for a primary key), so every statement must be short.
 */
import { PGlite } from "@electric-sql/pglite";
import type { Database, PoolState, Queryable, SqlValue, Statement } from "../database.ts";

/** What PGlite itself and its transactions have in common. */
interface Executor {
  query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
  exec(script: string): Promise<unknown>;
}

/** Starts an empty in-memory database; takes one to three seconds, most of it `initdb`. */
export async function openPglite(): Promise<Database> {
  const pglite = await PGlite.create({
    // The catalogue is under 10 MB: the default buffers and 16 MB log segments would only double the resident memory.
    postgresqlconf: ["shared_buffers = 16MB", "max_wal_size = 32MB"],
    initDbStartParams: ["--wal-segsize=1"],
  });
  let pending = 0;
  const counted = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    pending++;
    try {
      return await work();
    } finally {
      pending--;
    }
  };
  const plain = toQueryable(pglite);
  return {
    engine: "pglite",
    pool: (): PoolState => ({
      size: 1,
      inUse: Math.min(pending, 1),
      waiting: Math.max(pending - 1, 0),
    }),
    query: (statement, values) => counted(() => plain.query(statement, values)),
    execute: (script) => counted(() => plain.execute(script)),
    transaction: (work) =>
      counted(() => pglite.transaction((executor) => work(toQueryable(executor)))),
    // No autovacuum here: without this, deleted guests would stay in memory for ever.
    reclaim: (tables) =>
      counted(() => plain.execute(tables.map((table) => `VACUUM ${table};`).join("\n"))),
    close: () => pglite.close(),
  };
}

function toQueryable(executor: Executor): Queryable {
  return {
    async query<Row>(
      statement: Statement,
      values: readonly SqlValue[] = [],
    ): Promise<readonly Row[]> {
      return (await executor.query<Row>(statement.text, [...values])).rows;
    },
    async execute(script: string): Promise<void> {
      await executor.exec(script);
    },
  };
}
