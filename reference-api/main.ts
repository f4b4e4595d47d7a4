/**
 * The reference API as a process. Prints one JSON line when it listens, `{"event":"listening","url":…,"pid":…}`, and
 * nothing else on standard output; one line on standard error and exit code 1 when it cannot start.
 * Ends on SIGTERM, SIGINT and, with --stop-with-parent, when standard input closes, so that no orphan stays.
 */
import { parseArgs } from "node:util";
import { LakhError } from "../src/base/errors.ts";
import { createLogger } from "../src/base/log.ts";
import { startReferenceApi, type ReferenceApi, type ReferenceApiOptions } from "./index.ts";

const usage = `usage: node dist/reference-api/main.js [--host 127.0.0.1] [--port 0] [--stop-with-parent]

  --host               address to listen on
  --port               port to listen on; 0 takes a free one
  --stop-with-parent   end when standard input closes

environment:
  DATABASE_URL         postgres://user:password@host:5432/database; without it an embedded in-memory database
  DATABASE_POOL_SIZE   most connections to PostgreSQL (10)
  JWT_SECRET           at least 32 characters, the same for all replicas; random without it
`;

/** Longest wait for requests under way before the process ends anyway. */
const closeDeadlineMs = 5_000;

const logger = createLogger({
  minLevel: "info",
  wallMs: () => Date.now(),
  writeLine: (line) => process.stderr.write(`${line}\n`),
});

try {
  await main();
} catch (error) {
  fail(error);
}

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  if (flags.help) {
    process.stdout.write(usage);
    return;
  }
  // Before the start, which takes seconds: a stop in the meantime must not be lost. It needs no clean-up: the database
  // is in memory, or its migration is one transaction that PostgreSQL rolls back.
  const stop = waitForStop(flags.stopWithParent);
  const starting = startReferenceApi({ ...flags.options, ...readEnvironment(process.env), logger });
  const api = await Promise.race([starting, stop]);
  if (api === undefined) process.exit(0);
  process.stdout.write(
    `${JSON.stringify({ event: "listening", url: api.url, pid: process.pid })}\n`,
  );
  await stop;
  await close(api);
}

async function close(api: ReferenceApi): Promise<void> {
  setTimeout(() => process.exit(0), closeDeadlineMs).unref();
  await api.close();
  // Standard input or a client's half-closed socket may still hold the process.
  process.exit(0);
}

function waitForStop(withParent: boolean): Promise<undefined> {
  return new Promise((resolve) => {
    const stop = (): void => resolve(undefined);
    process.once("SIGTERM", stop);
    process.once("SIGINT", stop);
    if (!withParent) return;
    process.stdin.once("close", stop);
    process.stdin.once("error", stop);
    process.stdin.resume();
  });
}

interface Flags {
  readonly help: boolean;
  readonly stopWithParent: boolean;
  readonly options: ReferenceApiOptions;
}

function readFlags(args: string[]): Flags {
  try {
    const { values } = parseArgs({
      args,
      options: {
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string", default: "0" },
        "stop-with-parent": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const port = readInteger("--port", values.port, { min: 0, max: 65_535 });
    return {
      help: values.help,
      stopWithParent: values["stop-with-parent"],
      options: { host: values.host, port },
    };
  } catch (error) {
    if (error instanceof LakhError) throw error;
    const reason = error instanceof Error ? error.message.split(". ")[0]! : String(error);
    throw new LakhError("TARGET_FLAG", reason, { hint: "see --help", cause: error });
  }
}

function readEnvironment(environment: NodeJS.ProcessEnv): ReferenceApiOptions {
  const {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: poolSize,
    JWT_SECRET: jwtSecret,
  } = environment;
  if (jwtSecret !== undefined && jwtSecret.length < 32) {
    throw new LakhError(
      "TARGET_FLAG",
      `JWT_SECRET has ${jwtSecret.length} characters, 32 are the least`,
      {
        hint: "leave it out for a random one",
      },
    );
  }
  return {
    // Set but empty means not set, as in a compose file with `DATABASE_URL: ${DATABASE_URL:-}`.
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(poolSize
      ? { poolSize: readInteger("DATABASE_POOL_SIZE", poolSize, { min: 1, max: 1_000 }) }
      : {}),
    ...(jwtSecret === undefined ? {} : { jwtSecret }),
  };
}

function readInteger(name: string, text: string, range: { min: number; max: number }): number {
  const value = Number(text);
  if (/^\d+$/u.test(text) && value >= range.min && value <= range.max) return value;
  throw new LakhError("TARGET_FLAG", `${name} is "${text}"`, {
    hint: `give a whole number from ${range.min} to ${range.max}`,
  });
}

function fail(thrown: unknown): never {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const known = error instanceof LakhError ? error : undefined;
  const hint = known?.hint === undefined ? "" : `; ${known.hint}`;
  const code = known === undefined ? "" : ` [${known.code}]`;
  process.stderr.write(`reference API: ${error.message.replaceAll("\n", " ")}${code}${hint}\n`);
  process.exit(1);
}
