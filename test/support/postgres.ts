/**
 * A real PostgreSQL for one test file: a fresh cluster in a temporary folder, on a free loopback port, without a Unix
 * socket. Needs the binaries on the machine; as root it runs as `nobody`, because postgres refuses root.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.ts";

/** A running cluster. */
export interface TestPostgres {
  /** URL of an empty database of its own, created by this call. */
  createDatabase(name: string): string;
  /** Shuts down fast and removes the folder. Calling it again does nothing. */
  stop(): Promise<void>;
}

/** The folder that holds `initdb`, `postgres` and `psql`; undefined when there is none. */
export function findPostgresBinaries(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...listFolders(debian).map((version) => join(debian, version, "bin")),
  ];
  return folders.find((folder) =>
    ["initdb", "postgres", "psql"].every((name) => isExecutable(join(folder, name))),
  );
}

/** Starts a cluster with the binaries of `folder`, as {@link findPostgresBinaries} found it. */
export async function startPostgres(folder: string | undefined): Promise<TestPostgres> {
  if (folder === undefined) throw new Error("no initdb, postgres and psql on this machine");
  const user = unprivilegedUser();
  const home = mkdtempSync(join(tmpdir(), "lakh-postgres-"));
  if (user !== undefined) chownSync(home, user.uid, user.gid);
  const environment = { PATH: process.env["PATH"] ?? "", LC_ALL: "C" };
  const options = { cwd: home, env: environment, ...user };
  const data = join(home, "data");
  execFileSync(
    join(folder, "initdb"),
    ["-D", data, "-U", "lakh", "-A", "trust", "-E", "UTF8", "--no-sync"],
    options,
  );
  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "logging_collector=off",
  ];
  const server = spawn(
    join(folder, "postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    { ...options, stdio: ["ignore", "ignore", "pipe"] },
  );
  const url = (database: string): string => `postgres://lakh@127.0.0.1:${port}/${database}`;
  await untilReady(server);
  return {
    createDatabase(name) {
      execFileSync(
        join(folder, "psql"),
        ["-q", "-d", url("postgres"), "-c", `CREATE DATABASE ${name}`],
        options,
      );
      return url(name);
    },
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = once(server, "exit");
        server.kill("SIGINT"); // PostgreSQL's fast shutdown
        await ended;
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Reads the log until the server accepts connections, and keeps reading so that its pipe never fills up. */
function untilReady(server: ChildProcess): Promise<void> {
  const log: string[] = [];
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`postgres ended:\n${log.join("\n")}`)));
    createInterface({ input: server.stderr! }).on("line", (line) => {
      if (log.length < 100) log.push(line);
      if (line.includes("ready to accept connections")) resolve();
    });
  });
}

function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number =>
    Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function listFolders(path: string): string[] {
  try {
    return readdirSync(path).sort().reverse();
  } catch {
    return []; // not a Debian
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
