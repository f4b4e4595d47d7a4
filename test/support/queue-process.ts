/** The bench's queue target as a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { repoRoot } from "./cli.ts";

/** Its URL; it is stopped after the test. */
export async function startQueueProcess(t: TestContext, args: readonly string[]): Promise<string> {
  const script = join(repoRoot, "dist", "bench", "queue-target.js");
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => stopped(child));
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url: string };
    return url;
  }
  throw new Error("the queue target did not start");
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
