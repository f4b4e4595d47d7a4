/**
 * A real StatsD (the npm package of that name) for tests: on free loopback ports, with a configuration of its own, ended
 * with the test. It is no dependency: its last release is old and its optional parts are compiled.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePorts } from "./free-port.ts";

const script = process.env["LAKH_STATSD"] ?? "";

/** Why tests with StatsD are skipped here; false when they are not, or must not be. */
export const statsdIsMissing: string | false =
  !existsSync(script) && process.env["LAKH_NO_SKIPS"] !== "1"
    ? "StatsD is not installed (npm install --prefix somewhere --omit=optional statsd@0.9.0; LAKH_STATSD=…/statsd/stats.js)"
    : false;

export interface TestStatsd {
  readonly port: number;
  /** What it has added up so far, by name. */
  counters(): Promise<Readonly<Record<string, number>>>;
  gauges(): Promise<Readonly<Record<string, number>>>;
  /** Values by name. */
  timers(): Promise<Readonly<Record<string, readonly number[]>>>;
}

export async function startStatsd(t: {
  after(close: () => Promise<void>): unknown;
}): Promise<TestStatsd> {
  const folder = await mkdtemp(join(tmpdir(), "lakh-statsd-"));
  const [port, consolePort] = await freePorts(2);
  const config = { port, address: "127.0.0.1", mgmt_port: consolePort, mgmt_address: "127.0.0.1" };
  await writeFile(
    join(folder, "config.js"),
    JSON.stringify({ ...config, backends: [], flushInterval: 3_600_000, title: false }),
  );
  // Newer versions of Node lack a function that it logs with, and one that prints all of a long list.
  await writeFile(
    join(folder, "before.cjs"),
    `const util = require("node:util");
    util.log ??= console.log;
    util.inspect = JSON.stringify;`,
  );
  const child = spawn(
    process.execPath,
    ["-r", join(folder, "before.cjs"), script, join(folder, "config.js")],
    { stdio: "ignore", cwd: dirname(script) },
  );
  t.after(async () => {
    const ended = once(child, "exit");
    if (child.exitCode === null && child.kill()) await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const ask = async <T>(what: string): Promise<T> =>
    JSON.parse(await manage(consolePort, what)) as T;
  while ((await ask("counters").catch(() => undefined)) === undefined) {
    if (child.exitCode !== null) throw new Error(`StatsD ended with code ${child.exitCode}`);
    await wait(50);
  }
  return {
    port,
    counters: () => ask("counters"),
    gauges: () => ask("gauges"),
    timers: () => ask("timers"),
  };
}

/** Its answer ends with a line of its own. */
async function manage(port: number, command: string): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.setEncoding("utf8");
  try {
    await once(socket, "connect");
    socket.write(`${command}\n`);
    let text = "";
    for await (const chunk of socket as AsyncIterable<string>) {
      text += chunk;
      if (text.includes("\nEND\n")) break;
    }
    return text.slice(0, text.indexOf("\nEND\n"));
  } finally {
    socket.destroy();
  }
}
