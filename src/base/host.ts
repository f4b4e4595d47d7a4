/**
 * The outside world in one value: arguments, environment, streams, terminal, working directory.
 * Only `cli/main.ts` builds it from the real process; end-to-end tests build their own.
 */

/** A text stream with what is known of the terminal behind it. */
export interface TextStream {
  /** Bytes are for what is no text: an archive. */
  write(text: string | Uint8Array): void;
  readonly isTty: boolean;
  /** Size of the terminal in cells; 80 by 24 when there is none. */
  readonly columns: number;
  readonly rows: number;
  /** Calls `handler` when the terminal has another size, until the returned function is called. */
  onResize(handler: () => void): () => void;
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

/**
 * True when colours may be written to `stream`: never with NO_COLOR (https://no-color.org, and k6's K6_NO_COLOR), even
 * into a file with FORCE_COLOR (https://force-color.org), else on terminals that know them.
 */
export function hasColours({ env }: Pick<Host, "env">, stream: TextStream): boolean {
  if (env["NO_COLOR"] !== undefined || env["K6_NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return stream.isTty && env["TERM"] !== "dumb";
}

/** True when lines of `stream` can be drawn again: it is a terminal that has a cursor, and not a CI job's. */
export function canRedraw({ env }: Pick<Host, "env">, stream: TextStream): boolean {
  const isCi = (env["CI"] ?? "") !== "" && env["CI"] !== "false";
  return stream.isTty && env["TERM"] !== "dumb" && !isCi;
}

/** True when the terminal shows block elements: not the console of Linux, and not a locale of another encoding. */
export function hasBlockElements({ env }: Pick<Host, "env">): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"];
  return env["TERM"] !== "linux" && (locale === undefined || /utf-?8/iu.test(locale));
}
