/** Where an output's text goes: a file, a gzip-compressed file, or the terminal's stream. One write at a time. */
import { type FileHandle, open } from "node:fs/promises";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { LakhError } from "../base/errors.ts";
import type { TextStream } from "../base/host.ts";
import type { OutputsErrorCode } from "./errors.ts";

export interface TextSink {
  /** Resolves when the text has been taken, so that the next one may come. Rejects when it could not be written. */
  write(text: string): Promise<void>;
  /** Resolves when everything is where it belongs. */
  close(): Promise<void>;
}

/**
 * Opens (and empties) a file; one whose name ends in `.gz` is compressed.
 * @throws LakhError OUTPUT_OPEN with the text of k6
 */
export async function openFileSink(path: string, shownPath: string): Promise<TextSink> {
  let handle: FileHandle;
  try {
    handle = await open(path, "w");
  } catch (error) {
    throw openFailed(error as NodeJS.ErrnoException, shownPath);
  }
  const file = handle.createWriteStream();
  if (!path.endsWith(".gz")) return new StreamSink(file, file);
  const gzip = createGzip();
  gzip.pipe(file);
  // A pipe does not hand errors back: what the file says must end the writing, too.
  file.on("error", (error) => gzip.destroy(error));
  return new StreamSink(gzip, file);
}

/** The process's own stream; it stays open. */
export function streamSink(stream: TextStream): TextSink {
  return {
    write(text) {
      stream.write(text);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

class StreamSink implements TextSink {
  readonly #into: Writable;
  readonly #done: Promise<void>;

  constructor(into: Writable, last: Writable) {
    this.#into = into;
    this.#done = finished(last);
    // Whoever writes or closes is told; nobody else waits for this.
    this.#done.catch(() => undefined);
    into.on("error", () => undefined);
  }

  write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#into.write(text, (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    this.#into.end();
    await this.#done;
  }
}

/** Go's words for the errors that are met here; the system's own for others. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "not a directory",
  EROFS: "read-only file system",
  ENOSPC: "no space left on device",
};

/** `open x: no such file or directory`, as k6 has it. */
export function openFailed(error: NodeJS.ErrnoException, path: string): LakhError {
  const reason = reasons[error.code ?? ""] ?? error.message;
  return new LakhError("OUTPUT_OPEN" satisfies OutputsErrorCode, `open ${path}: ${reason}`, {
    hint: "name a file in a folder that exists and that you may write to",
    cause: error,
  });
}
