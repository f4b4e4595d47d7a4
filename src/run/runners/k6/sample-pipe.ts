/**
 * The named pipe through which k6 hands its samples over. (k6 can write to a file only, and what Node gives a child as
 * a descriptor is a socket, which cannot be opened by a name.)
 * The reading end is opened for writing as well: so opening never waits for k6, and the end is not taken for reached
 * when k6 has not begun. A last line of our own, written after k6 has ended, tells that everything was read.
 */
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Socket } from "node:net";
import { promisify } from "node:util";
import { LakhError } from "../../../base/errors.ts";
import type { RunErrorCode } from "../../errors.ts";

const lastLine = '{"type":"End"}\n';

export class SamplePipe {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #socket: Socket;
  #drained: Promise<void> = Promise.resolve();

  /** @throws LakhError K6_FAILED where there are no named pipes */
  static async create(path: string): Promise<SamplePipe> {
    try {
      await promisify(execFile)("mkfifo", ["-m", "600", path]);
    } catch (cause) {
      throw new LakhError(
        "K6_FAILED" satisfies RunErrorCode,
        `the named pipe ${path} for k6's samples could not be made: ${(cause as Error).message}`,
        { hint: "the runner k6 needs mkfifo, which Linux and macOS have", cause },
      );
    }
    return new SamplePipe(path, await open(path, constants.O_RDWR | constants.O_NONBLOCK));
  }

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
    this.#socket = new Socket({ fd: file.fd, readable: true, writable: false });
  }

  /** Delivers what is written, in pieces that may end within a line. */
  deliver(take: (text: string) => void): void {
    let tail = "";
    this.#drained = new Promise((resolve) => {
      this.#socket.setEncoding("utf8").on("data", (text: string) => {
        take(text);
        tail = (tail + text).slice(-lastLine.length);
        if (tail === lastLine) resolve();
      });
    });
  }

  /** Resolves when all that was written has been delivered; to be called once k6 has ended. */
  async drain(): Promise<void> {
    const writer = await open(this.path, constants.O_WRONLY);
    try {
      await writer.write(lastLine);
    } finally {
      await writer.close();
    }
    await this.#drained;
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    await this.#file.close().catch(() => undefined); // the socket has closed the descriptor already
  }
}
