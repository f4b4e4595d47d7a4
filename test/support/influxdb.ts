/** A real InfluxDB 1 for tests: on free loopback ports, in a folder of its own, ended with the test. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePorts } from "./free-port.ts";

const binary = ["/usr/bin/influxd", "/usr/local/bin/influxd"].find((path) => existsSync(path));

/** Why tests with InfluxDB are skipped here; false when they are not, or must not be. */
export const influxdbIsMissing: string | false =
  binary === undefined && process.env["LAKH_NO_SKIPS"] !== "1"
    ? "InfluxDB is not installed (apt-get install influxdb)"
    : false;

export const influxUser = "lakh";
export const influxPassword = "s3 cret:/@";

export interface TestInfluxdb {
  readonly url: string;
  /** Rows of one statement, each an object of its columns. */
  query(statement: string, database?: string): Promise<Record<string, unknown>[]>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder. */
  restart(): Promise<void>;
}

interface Series {
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

/** With `hasLogin` only `influxUser` may do anything. */
export async function startInfluxdb(
  t: { after(close: () => Promise<void>): unknown },
  { hasLogin = false }: { readonly hasLogin?: boolean } = {},
): Promise<TestInfluxdb> {
  const folder = await mkdtemp(join(tmpdir(), "lakh-influxdb-"));
  const [port, backupPort] = await freePorts(2);
  const config = join(folder, "influxdb.conf");
  await writeFile(config, configText({ folder, port, backupPort, hasLogin }));
  const url = `http://127.0.0.1:${port}`;
  const server = new Server(config, url);
  t.after(async () => {
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  });
  await server.restart();
  const query = (statement: string, database?: string): Promise<Record<string, unknown>[]> =>
    ask(url, statement, database);
  if (hasLogin) {
    await query(`CREATE USER ${influxUser} WITH PASSWORD '${influxPassword}' WITH ALL PRIVILEGES`);
  }
  return { url, query, kill: () => server.kill(), restart: () => server.restart() };
}

class Server {
  readonly #config: string;
  readonly #url: string;
  #child: ReturnType<typeof spawn> | undefined;

  constructor(config: string, url: string) {
    this.#config = config;
    this.#url = url;
  }

  async restart(): Promise<void> {
    const child = spawn(binary!, ["-config", this.#config], { stdio: "ignore" });
    this.#child = child;
    while (!(await answers(this.#url))) {
      if (child.exitCode !== null) throw new Error(`InfluxDB ended with code ${child.exitCode}`);
      await wait(50);
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    child.kill("SIGKILL");
    await ended;
  }
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(`${url}/ping`).catch(() => undefined);
  await response?.body?.cancel();
  return response?.status === 204;
}

async function ask(
  url: string,
  statement: string,
  database = "",
): Promise<Record<string, unknown>[]> {
  const login = Buffer.from(`${influxUser}:${influxPassword}`).toString("base64");
  const response = await fetch(`${url}/query?epoch=ns&db=${encodeURIComponent(database)}`, {
    method: "POST",
    headers: { authorization: `Basic ${login}` },
    body: new URLSearchParams({ q: statement }),
  });
  const { results, error } = (await response.json()) as {
    results?: { series?: Series[]; error?: string }[];
    error?: string;
  };
  const reason = error ?? results?.[0]?.error;
  if (reason !== undefined) throw new Error(reason);
  return (results?.[0]?.series ?? []).flatMap(({ columns, values }) =>
    values.map((row) => Object.fromEntries(columns.map((column, n) => [column, row[n]]))),
  );
}

function configText(parts: {
  readonly folder: string;
  readonly port: number;
  readonly backupPort: number;
  readonly hasLogin: boolean;
}): string {
  const { folder, port, backupPort, hasLogin } = parts;
  return `reporting-disabled = true
bind-address = "127.0.0.1:${backupPort}"
[meta]
dir = "${folder}/meta"
[data]
dir = "${folder}/data"
wal-dir = "${folder}/wal"
series-id-set-cache-size = 100
[http]
bind-address = "127.0.0.1:${port}"
auth-enabled = ${hasLogin}
log-enabled = false
[logging]
level = "error"
[monitor]
store-enabled = false
`;
}
