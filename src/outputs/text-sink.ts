/** Where an output's text goes: a file, a gzip-compressed file, or the terminal's stream. One write at a time. */
import { type FileHandle, open } from "node:fs/promises";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { LakhError, reasonOf } from "../base/errors.ts";
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
    throw openFailed(error, shownPath);
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

/** `open x: no such file or directory`, as k6 has it. */
function openFailed(error: unknown, path: string): LakhError {
  const code: OutputsErrorCode = "OUTPUT_OPEN";
  return new LakhError(code, `open ${path}: ${reasonOf(error)}`, {
    hint: "name a file in a folder that exists and that you may write to",
    cause: error,
  });
}
