/**
 * The k6 process: its log lines come over standard error, what it prints over standard output; its samples take a way of
 * their own. It has a process group of its own, so that Ctrl-C in a terminal reaches it once, through lakh.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { LakhError } from "../../../base/errors.ts";
import { parseResidentBytes, parseStat } from "../../../observe/index.ts";
import type { RunErrorCode } from "../../errors.ts";
import type { ProcessReading } from "../../collector.ts";
import type { K6Shell } from "./script-options.ts";

export interface K6ProcessEvents {
  onLogLine(line: string): void;
  onPrinted(text: string): void;
}

export class K6Process {
  /** Resolves with the exit code when the process has ended and all it wrote has been delivered. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  #lastReading: ProcessReading = { cpuMicros: Number.NaN, rssBytes: Number.NaN };

  constructor(
    shell: K6Shell,
    parts: {
      readonly args: readonly string[];
      readonly stdin: string | Uint8Array | undefined;
      readonly events: K6ProcessEvents;
    },
  ) {
    const { binary, cwd, env } = shell;
    this.#child = spawn(binary.path, parts.args, {
      cwd,
      env: { ...env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const { stdin, stdout, stderr } = this.#child;
    stdin!.on("error", () => undefined); // k6 may end before it has read its script; its exit code tells
    stdin!.end(parts.stdin ?? "");
    stdout!.setEncoding("utf8").on("data", (text: string) => parts.events.onPrinted(text));
    createInterface({ input: stderr! }).on("line", (line) => parts.events.onLogLine(line));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", (cause) => reject(cannotStart(binary.path, cause)));
      this.#child.once("close", (code, signal) =>
        resolve(code ?? (signal === "SIGINT" ? 105 : 255)),
      );
    });
  }

  signal(name: "SIGINT" | "SIGKILL"): void {
    this.#child.kill(name);
  }

  /** CPU and memory; the last known ones when the process has ended, NaN where there is no proc file system. */
  read(): ProcessReading {
    try {
      const folder = `/proc/${this.#child.pid}`;
      const { cpuSeconds } = parseStat(readFileSync(`${folder}/stat`, "utf8"));
      const rssBytes = parseResidentBytes(readFileSync(`${folder}/status`, "utf8"));
      if (Number.isFinite(cpuSeconds) && Number.isFinite(rssBytes))
        this.#lastReading = { cpuMicros: cpuSeconds * 1e6, rssBytes };
    } catch {
      // ended, or another system: the last reading stays
    }
    return this.#lastReading;
  }
}

function cannotStart(path: string, cause: Error): LakhError {
  return new LakhError(
    "K6_FAILED" satisfies RunErrorCode,
    `k6 could not be started (${path}): ${cause.message}`,
    { hint: "does `k6 version` work in this terminal?", cause },
  );
}
