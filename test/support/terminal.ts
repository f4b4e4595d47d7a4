/**
 * A real command line on a real pseudo-terminal, and the screen that a person would see: `script` of util-linux opens
 * the terminal, xterm.js reads what is written to it.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import xterm, { type Terminal } from "@xterm/headless";
import { lakhBinary } from "./cli.ts";

/** Undefined when terminals can be opened here; else why not. */
export const noTerminal: string | undefined =
  process.platform === "linux" &&
  /util-linux/u.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "")
    ? undefined
    : "`script` of util-linux is not on this machine";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalUse extends TerminalSize {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** What would change the view that is tested. */
const neutral = { CI: "", NO_COLOR: undefined, FORCE_COLOR: undefined, LC_ALL: "C.UTF-8" };

export class TestTerminal {
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  /** All that was written, escape codes included. */
  written = "";
  readonly #child: ChildProcess;
  readonly #terminal: Terminal;
  readonly #ttyFile: string;

  /** Starts `lakh` with these arguments. */
  constructor(args: readonly string[], { cwd, env, columns, rows }: TerminalUse) {
    this.#ttyFile = join(cwd, "tty");
    // NO_COLOR counts even when it is empty, so it has to go.
    const command =
      `tty > "$TTY_FILE"; stty cols ${columns} rows ${rows}; ` +
      `exec "$NODE" "$LAKH" ${args.map((_, index) => `"$ARG_${index}"`).join(" ")}`;
    const named = Object.fromEntries(args.map((text, index) => [`ARG_${index}`, text]));
    const all = {
      ...process.env,
      ...neutral,
      TERM: "xterm-256color",
      TTY_FILE: this.#ttyFile,
      NODE: process.execPath,
      LAKH: lakhBinary,
      ...named,
      ...env,
    };
    this.#child = spawn("script", ["-qefc", command, "/dev/null"], {
      cwd,
      env: all,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.written += text;
      this.#terminal.write(text);
    });
    this.ended = new Promise((done) => this.#child.once("close", done));
  }

  /** The lines of the screen, without blanks at their ends. */
  async screen(): Promise<string[]> {
    await this.#settle();
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_, row) =>
      lineText(this.#terminal, active.viewportY + row),
    );
  }

  /** The same with everything that has left the screen at its top. */
  async history(): Promise<string[]> {
    await this.#settle();
    const { active } = this.#terminal.buffer;
    return Array.from({ length: active.length }, (_, row) => lineText(this.#terminal, row));
  }

  /** The first screen that has it. */
  async shows(what: RegExp, timeoutMs = 30_000): Promise<string[]> {
    const stepMs = 25;
    let lines: string[] = [];
    for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += stepMs) {
      lines = await this.screen();
      if (what.test(lines.join("\n"))) return lines;
      await sleep(stepMs);
    }
    throw new Error(`the screen never showed ${String(what)}:\n${lines.join("\n")}`);
  }

  press(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  /** As when somebody drags the window's corner. */
  resize({ columns, rows }: TerminalSize): void {
    this.#terminal.resize(columns, rows);
    const tty = readFileSync(this.#ttyFile, "utf8").trim();
    execFileSync("stty", ["-F", tty, "cols", String(columns), "rows", String(rows)]);
  }

  /** Ends what was started, if it has not ended; to be called after a test. */
  close(): void {
    if (this.#child.exitCode === null) this.#child.kill("SIGTERM");
    this.#terminal.dispose();
  }

  #settle(): Promise<void> {
    return new Promise((done) => this.#terminal.write("", done));
  }
}

function lineText(terminal: Terminal, row: number): string {
  return terminal.buffer.active.getLine(row)?.translateToString(true) ?? "";
}
