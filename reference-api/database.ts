/**
 * The contract between the routes and SQL: named statements over one of two engines. The same SQL runs on both;
 * what differs (wire, pool, upkeep) stays in `drivers/`.
 */

/** A value that both engines bind alike. */
export type SqlValue = string | number | boolean | null;

/** One SQL statement under a stable name, so that an engine can prepare it once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** What can be asked inside and outside of a transaction. */
export interface Queryable {
  /** Runs one statement; `Row` states the columns that its text selects. */
  query<Row>(statement: Statement, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Runs a script of several statements without values. */
  execute(script: string): Promise<void>;
}

/** Connections, as the pool gauges show them. */
export interface PoolState {
  readonly size: number;
  readonly inUse: number;
  /** Queries that wait for a connection. */
  readonly waiting: number;
}

/** A database with its life. */
export interface Database extends Queryable {
  readonly engine: "pglite" | "postgresql";
  pool(): PoolState;
  /** Runs `work` in one transaction on one connection: commits when it resolves, rolls back when it rejects. */
  transaction<Result>(work: (transaction: Queryable) => Promise<Result>): Promise<Result>;
  /** Gives back the space of deleted rows, where the engine has nobody who does that by itself. */
  reclaim(tables: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** How to reach the database. */
export interface DatabaseOptions {
  /** `postgres://…`; undefined for the embedded engine. */
  readonly databaseUrl: string | undefined;
  /** Most connections to PostgreSQL at a time; the embedded engine has exactly one. */
  readonly poolSize: number;
  /** Told of a connection that broke while it was idle. */
  readonly onConnectionLost: (error: Error) => void;
}
