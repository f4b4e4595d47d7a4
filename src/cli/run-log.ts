/**
 * The log of a run: where its lines go and how they look, from --log-output, --log-format, --console-output and their
 * variables. On a terminal that may have colours lines look as k6's do there, elsewhere as `time="…" level=… msg="…"`.
 */
import { createWriteStream, existsSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Writable } from "node:stream";
import { systemClock } from "../base/clock.ts";
import { LakhError, reasonOf } from "../base/errors.ts";
import type { Host, TextStream } from "../base/host.ts";
import {
  createLineFormatter,
  createLogger,
  type LogEntry,
  type LogFormat,
  type Logger,
  type LogLevel,
} from "../base/log.ts";
import type { RunDeps } from "../run/index.ts";
import type { CliErrorCode } from "./errors.ts";
import { type LogDestination, parseLogDestination } from "./log-destination.ts";
import type { RunFlags } from "./run-flags.ts";
import { hasNoColor } from "./summary-flags.ts";

type LogFlags = Pick<RunFlags, "logFormat" | "logOutput" | "color" | "verbose">;

export interface RunLog {
  readonly logger: Logger;
  readonly minLevel: LogLevel;
  /** Writes to a stream; replaced while something is drawn on the terminal, which its lines must not tear. */
  write: (stream: "stdout" | "stderr", text: string) => void;
  /** The file that --console-output names; its lines have the log's format. */
  readonly openConsole: RunDeps["openConsole"];
  /** Resolves when every line is where it belongs. */
  close(): Promise<void>;
}

/** @throws LakhError FLAG_LOG_OUTPUT in k6's words */
export function openRunLog(host: Host, flags: LogFlags): RunLog {
  const destination = parseLogDestination(
    flags.logOutput ?? host.env["K6_LOG_OUTPUT"] ?? "stderr",
    (path) => resolve(host.cwd, path),
  );
  const minLevel: LogLevel = flags.verbose ? "debug" : "info";
  return new OpenRunLog(host, destination, { minLevel, named: formatOf(host, flags), flags });
}

/** The log on standard error, whatever was asked for: where it is told that what was asked for cannot be. */
export function openPlainLog(host: Host): RunLog {
  const flags = { color: true };
  return new OpenRunLog(
    host,
    { kind: "stream", name: "stderr" },
    { minLevel: "info", named: "text", flags },
  );
}

/** An unknown name means text, as in k6. */
function formatOf(host: Host, flags: LogFlags): LogFormat {
  const name = flags.logFormat ?? host.env["K6_LOG_FORMAT"];
  return name === "raw" || name === "json" ? name : "text";
}

class OpenRunLog implements RunLog {
  readonly logger: Logger;
  readonly minLevel: LogLevel;
  readonly openConsole: RunDeps["openConsole"];
  write: RunLog["write"];
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(
    host: Host,
    destination: LogDestination,
    options: { minLevel: LogLevel; named: LogFormat; flags: LogFlags },
  ) {
    const { minLevel, named, flags } = options;
    const startWallMs = systemClock.wallMs();
    this.write = (stream, text) => host[stream].write(text);
    const inFile = createLineFormatter(named, startWallMs);
    const onStream = (stream: TextStream): ((entry: LogEntry) => string) => {
      const isTerminal = named === "text" && stream.isTty && !hasNoColor(flags, host.env);
      return isTerminal ? createLineFormatter("terminal", startWallMs) : inFile;
    };
    const wallMs = (): number => systemClock.wallMs();
    this.minLevel = minLevel;
    this.logger = this.#createLogger(host, destination, { minLevel, wallMs, inFile, onStream });
    this.openConsole = (path) => {
      const file = this.#openFile(resolve(host.cwd, path), path);
      const writeLine = (line: string): void => void file.write(`${line}\n`);
      return createLogger({ minLevel, wallMs, writeLine, format: inFile });
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#closers.map((close) => close()));
  }

  #createLogger(
    host: Host,
    destination: LogDestination,
    parts: {
      minLevel: LogLevel;
      wallMs: () => number;
      inFile: (entry: LogEntry) => string;
      onStream: (stream: TextStream) => (entry: LogEntry) => string;
    },
  ): Logger {
    const { minLevel, wallMs, inFile, onStream } = parts;
    switch (destination.kind) {
      case "none":
        return { log: () => undefined };
      case "stream": {
        const { name } = destination;
        const stream = host[name];
        const writeLine = (line: string): void => this.write(name, `${line}\n`);
        return createLogger({ minLevel, wallMs, writeLine, format: onStream(stream) });
      }
      case "file": {
        const { path, level = minLevel } = destination;
        if (!existsSync(dirname(path))) throw noFolder(dirname(path));
        const file = this.#openFile(path, path);
        const writeLine = (line: string): void => void file.write(`${line}\n`);
        return createLogger({ minLevel: level, wallMs, writeLine, format: inFile });
      }
    }
  }

  /** Lines are appended. @throws LakhError FLAG_LOG_OUTPUT when the file cannot be opened */
  #openFile(path: string, shownPath: string): Writable {
    let descriptor: number;
    try {
      descriptor = openSync(path, "a");
    } catch (error) {
      const code: CliErrorCode = "FLAG_LOG_OUTPUT";
      throw new LakhError(code, `open ${shownPath}: ${reasonOf(error)}`, {
        hint: "name a file in a folder that exists and that you may write to",
        cause: error,
      });
    }
    const file = createWriteStream(path, { fd: descriptor });
    const closed = new Promise<void>((done) => file.once("close", done));
    // A log that cannot be written any more must not end the run: one line tells of it.
    file.once("error", (error) =>
      this.write("stderr", `lakh: ${shownPath} cannot be written: ${error.message}\n`),
    );
    this.#closers.push(() => {
      file.end();
      return closed;
    });
    return file;
  }
}

function noFolder(path: string): LakhError {
  const code: CliErrorCode = "FLAG_LOG_OUTPUT";
  return new LakhError(code, `provided directory '${path}' does not exist`, {
    hint: "make the folder first, or name a file elsewhere",
  });
}
