/**
 * The outside world in one value: arguments, environment, streams, terminal, working directory.
 * Only `cli/main.ts` builds it from the real process; end-to-end tests build their own.
 */

/** A text stream with what is known of the terminal behind it. */
export interface TextStream {
  /** Bytes are for what is no text: an archive. */
  write(text: string | Uint8Array): void;
  readonly isTty: boolean;
  /** Width of the terminal in columns; 80 when there is none. */
  readonly columns: number;
}

/** What a command may know of, and do to, the outside world. */
export interface Host {
  /** Arguments after the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** The whole of standard input. */
  readStdin(): Promise<Uint8Array>;
  /** Calls `handler` at each SIGINT ("interrupt") or SIGTERM ("terminated") until the returned function is called. */
  onInterrupt(handler: (signal: "interrupt" | "terminated") => void): () => void;
  /** Ends the process at once, without waiting for anything. */
  exitNow(code: number): void;
}

/** True when colours may be written to `stream` (https://no-color.org, and k6's K6_NO_COLOR). */
export function hasColours(host: Host, stream: TextStream): boolean {
  return stream.isTty && host.env["NO_COLOR"] === undefined && !host.env["K6_NO_COLOR"];
}
