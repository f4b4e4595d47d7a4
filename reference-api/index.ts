/**
 * Door of the reference API: the target that lakh is shown, tested and measured with. Starts it in this process;
 * `main.ts` is the same as a process of its own.
 */
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { systemClock, type Clock } from "../src/base/clock.ts";
import { exitCodes, LakhError } from "../src/base/errors.ts";
import { silentLogger, type Logger } from "../src/base/log.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./drivers/open.ts";
import { forgetIdleGuests } from "./guests.ts";
import { migrate } from "./migrations.ts";
import { createServer } from "./server.ts";

/** How to start it. Everything has a default that needs no other program. */
export interface ReferenceApiOptions {
  /** Address to listen on; "127.0.0.1" when left out. */
  readonly host?: string;
  /** 0 (or left out) takes a free port. */
  readonly port?: number;
  /** `postgres://…`; the embedded in-memory database when left out. */
  readonly databaseUrl?: string;
  /** Most connections to PostgreSQL; 10 when left out. */
  readonly poolSize?: number;
  /** At least 32 characters, the same for all replicas; a random one when left out. */
  readonly jwtSecret?: string;
  /** Life of a guest's token, after which an unseen guest is forgotten; 900 when left out. */
  readonly tokenLifeSeconds?: number;
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/** A listening reference API. */
export interface ReferenceApi {
  /** "http://127.0.0.1:41234", without a slash at the end. */
  readonly url: string;
  /** Stops listening, answers what is under way, closes the database. */
  close(): Promise<void>;
}

/** Connections that may wait to be accepted: a wave of 5,000 users connects at once (the kernel's `somaxconn` caps it). */
const backlog = 8_192;
const upkeepMs = 30_000;

/**
 * Opens the database, brings it up to date, listens.
 *
 * @throws LakhError `TARGET_PORT_TAKEN`, `TARGET_LISTEN`, `TARGET_DATABASE_URL`, `TARGET_DATABASE_UNREACHABLE`, `TARGET_MIGRATION`
 * @example
 * const api = await startReferenceApi();
 * await fetch(`${api.url}/api/v1/search?q=drama`);
 * await api.close();
 */
export async function startReferenceApi(options: ReferenceApiOptions = {}): Promise<ReferenceApi> {
  const logger = options.logger ?? silentLogger;
  const tokenLifeSeconds = options.tokenLifeSeconds ?? 900;
  const database = await openDatabase({
    databaseUrl: options.databaseUrl,
    poolSize: options.poolSize ?? 10,
    onConnectionLost: (error) =>
      logger.log("warning", "lost an idle database connection", { error: error.message }),
  });
  try {
    await migrate(database);
    const server = await createServer({
      database,
      logger,
      clock: options.clock ?? systemClock,
      jwtSecret: options.jwtSecret ?? randomBytes(32).toString("hex"),
      tokenLifeSeconds,
    });
    const url = await listen(server, options.host ?? "127.0.0.1", options.port ?? 0);
    const stopUpkeep = startUpkeep({ database, logger, tokenLifeSeconds });
    return {
      url,
      async close() {
        await server.close();
        await stopUpkeep();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await server.listen({ host, port, backlog });
  } catch (thrown) {
    const cause = thrown as NodeJS.ErrnoException;
    const taken = cause.code === "EADDRINUSE";
    throw new LakhError(
      taken ? "TARGET_PORT_TAKEN" : "TARGET_LISTEN",
      taken
        ? `port ${port} of ${host} is taken`
        : `cannot listen on ${host}:${port}: ${cause.message}`,
      {
        hint: "give another --port (0 takes a free one) or another --host",
        exitCode: exitCodes.generic,
        cause,
      },
    );
  }
  const { address, family, port: actual } = server.server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${actual}`;
}

/** Forgets idle guests now and then, one round at a time; the returned function stops it and waits for a round under way. */
function startUpkeep(options: {
  database: Database;
  logger: Logger;
  tokenLifeSeconds: number;
}): () => Promise<void> {
  let round: Promise<void> | undefined;
  const timer = setInterval(() => {
    round ??= forgetIdleGuests(options.database, options.tokenLifeSeconds)
      .then(
        () => undefined,
        (error: unknown) =>
          options.logger.log("warning", "could not forget idle guests", { error: String(error) }),
      )
      .finally(() => {
        round = undefined;
      });
  }, upkeepMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await round;
  };
}
