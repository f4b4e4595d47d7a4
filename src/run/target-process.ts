/**
 * The reference API as a process of its own, so that it does not share the generator's event loop and its CPU and
 * memory can be read by process id. It ends with its parent, whatever happens to the parent.
 */
import type { RunErrorCode } from "./errors.ts";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { LakhError } from "../base/errors.ts";
import { packageRoot } from "./environment.ts";

export interface TargetProcess {
  /** "http://127.0.0.1:PORT". */
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process has ended. */
  stop(): Promise<void>;
  /** Resolves with the exit code when the process ends by itself. */
  readonly ended: Promise<number | null>;
}

export interface TargetRequest {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Longest wait for the target to listen: the first start seeds a database. */
const startLimitMs = 30_000;

/** @throws LakhError TARGET_START with what the target said on standard error */
export async function startTargetProcess(request: TargetRequest): Promise<TargetProcess> {
  const entry = join(packageRoot(), "dist", "reference-api", "main.js");
  const args = [
    entry,
    "--host",
    request.host,
    "--port",
    String(request.port),
    "--stop-with-parent",
  ];
  const child = spawn(globalThis.process.execPath, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...request.env },
    // A group of its own: Ctrl-C in the terminal is for the run, which still needs its target to end gracefully.
    detached: true,
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const { url, pid } = await listening(child);
  return {
    url,
    pid,
    ended,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function listening(child: ChildProcess): Promise<{ url: string; pid: number }> {
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-2_000);
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), startLimitMs);
  try {
    for await (const line of createInterface({ input: child.stdout! })) {
      const event = JSON.parse(line) as { event: string; url: string; pid: number };
      if (event.event === "listening") return event;
    }
  } finally {
    clearTimeout(timer);
  }
  throw new LakhError(
    "TARGET_START" satisfies RunErrorCode,
    `the reference API did not start: ${errors.trim() || "it ended without a word"}`,
    {
      hint: "is the port free, and DATABASE_URL right (unset it to use the embedded database)?",
    },
  );
}
