/**
 * Talks to one InfluxDB: creates the database of version 1 before the first write, and writes.
 */
import type { Logger } from "../../base/log.ts";
import type { Reception } from "../delivery.ts";
import { HttpPost, type PostTarget } from "../http-post.ts";
import { toReception } from "./answers.ts";
import type { InfluxOptions, InfluxPlace } from "./options.ts";

type Database = InfluxPlace & { readonly version: 1 };

/** Long, because a second try while the first is still being worked on makes a slow database slower. */
const timeoutMs = 30_000;

export class InfluxWriter {
  readonly #options: InfluxOptions;
  readonly #logger: Logger;
  readonly #post: HttpPost;
  /** Undefined until somebody has asked for it, and again after a failure. */
  #database: Promise<Reception> | undefined;

  constructor(options: InfluxOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
    this.#post = new HttpPost(
      this.#target(writePath(options), { "content-type": "text/plain; charset=utf-8" }),
    );
  }

  async write(lines: Uint8Array, signal: AbortSignal): Promise<Reception> {
    const { place } = this.#options;
    if (place.version === 1) {
      const database = await this.#haveDatabase(place, signal);
      if (database.kind !== "taken") return database;
    }
    return toReception(await this.#post.send(lines, {}, signal), place);
  }

  close(): void {
    this.#post.close();
  }

  /** Asks once, for all lanes; again when there was no answer. */
  async #haveDatabase(place: Database, signal: AbortSignal): Promise<Reception> {
    this.#database ??= this.#createDatabase(place, signal);
    try {
      const reception = await this.#database;
      if (reception.kind === "later") this.#database = undefined;
      return reception;
    } catch (error) {
      this.#database = undefined;
      throw error;
    }
  }

  async #createDatabase(place: Database, signal: AbortSignal): Promise<Reception> {
    const post = new HttpPost(
      this.#target("query", { "content-type": "application/x-www-form-urlencoded" }),
    );
    const name = place.database.replace(/["\\]/gu, "\\$&");
    const body = new URLSearchParams({ q: `CREATE DATABASE "${name}"` });
    try {
      const answer = await post.send(Buffer.from(body.toString()), {}, signal);
      const { status } = answer;
      if (status === 401 || status === 429 || status >= 500) return toReception(answer, place);
      // Who may write need not be allowed to create; if it is missing, the first write says so.
      if (status !== 200)
        this.#logger.log("debug", `CREATE DATABASE was answered ${status}: ${answer.text}`);
      return { kind: "taken" };
    } finally {
      post.close();
    }
  }

  #target(path: string, headers: Readonly<Record<string, string>>): PostTarget {
    const { address, authorization, isInsecure, concurrentWrites } = this.#options;
    return {
      url: new URL(path, address),
      headers: authorization === undefined ? headers : { ...headers, authorization },
      timeoutMs,
      sockets: concurrentWrites,
      tls: isInsecure ? { rejectUnauthorized: false } : undefined,
    };
  }
}

/** Version 1 calls microseconds `u`, and takes nanoseconds when nothing is said. */
function writePath({ place, precision }: InfluxOptions): string {
  const query = new URLSearchParams();
  const add = (key: string, value: string | undefined): void => {
    if (value !== undefined) query.set(key, value);
  };
  if (place.version === 2) {
    add("org", place.organization);
    add("bucket", place.bucket);
    add("precision", precision);
    return `api/v2/write?${query.toString()}`;
  }
  add("db", place.database);
  if (precision !== "ns") add("precision", precision === "us" ? "u" : precision);
  add("rp", place.retention);
  add("consistency", place.consistency);
  return `write?${query.toString()}`;
}
