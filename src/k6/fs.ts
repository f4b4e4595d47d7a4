/**
 * Module `k6/experimental/fs`: files that are opened in the init context and read while VUs run. The bytes are shared by all
 * VUs of a worker, each File has a position of its own. Errors are k6's objects.
 */
import type { VuContext } from "./context.ts";
import { HostError } from "./host-error.ts";

const SeekMode = { Start: 0, Current: 1, End: 2 } as const;

interface FsModule {
  readonly open: (path?: unknown) => Promise<File>;
  readonly SeekMode: typeof SeekMode;
}

/** Builds module `k6/experimental/fs` for one VU. */
export function createFs(vu: VuContext): FsModule {
  return { open: (path) => vu.track(openFile(vu, path)), SeekMode: { ...SeekMode } };
}

async function openFile(vu: VuContext, given: unknown): Promise<File> {
  if (vu.phase !== "init")
    throw new HostError(
      "ForbiddenError",
      "open() failed; reason: opening a file is allowed only in the Init context",
    );
  if (given === undefined || given === null)
    throw typeError("open() failed; reason: path cannot be null or undefined");
  const name = String(given as string);
  if (name === "") throw typeError("open() failed; reason: path cannot be empty");
  const path = vu.files.resolve(name);
  const found = vu.files.read(path);
  if (found.kind === "missing")
    throw new HostError("NotFoundError", `no such file or directory "${path}"`);
  if (found.kind === "directory")
    throw new HostError(
      "InvalidResourceError",
      `cannot open "${path}": opening a directory is not supported`,
    );
  return new File(vu, path, found.bytes);
}

function typeError(message: string): HostError {
  return new HostError("TypeError", message);
}

/** A file as scripts hold it. */
export class File {
  readonly path: string;
  readonly read: (into?: unknown) => Promise<number | null>;
  readonly seek: (offset?: unknown, whence?: unknown) => Promise<number>;
  readonly stat: () => Promise<{ name: string; size: number }>;
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(vu: VuContext, path: string, bytes: Uint8Array) {
    this.path = path;
    this.#bytes = bytes;
    this.read = (into) => vu.track(settled(() => this.#read(into)));
    this.seek = (offset, whence) => vu.track(settled(() => this.#seek(offset, whence)));
    this.stat = () => vu.track(settled(() => ({ name: baseName(path), size: bytes.length })));
  }

  /** What is left from the position on, which moves to the end. */
  static takeRest(file: File): Uint8Array {
    const rest = file.#bytes.subarray(file.#offset);
    file.#offset = file.#bytes.length;
    return rest;
  }

  #read(into: unknown): number | null {
    if (into === undefined || into === null)
      throw typeError("read() failed; reason: into argument cannot be null or undefined");
    if (!(into instanceof Uint8Array))
      throw typeError("read() failed; reason: into argument must be a Uint8Array");
    // As in k6 a view of a part stands for its whole buffer.
    const target = new Uint8Array(into.buffer);
    const chunk = this.#bytes.subarray(this.#offset, this.#offset + target.length);
    if (chunk.length === 0) return null;
    target.set(chunk);
    this.#offset += chunk.length;
    return chunk.length;
  }

  #seek(offset: unknown, whence: unknown): number {
    const delta = integerArgument(offset, "offset", "must be a number");
    const mode = integerArgument(whence, "whence", "must be a SeekMode");
    const size = this.#bytes.length;
    switch (mode) {
      case SeekMode.Start:
        if (delta < 0) throw typeError("offset cannot be negative when using SeekModeStart");
        return this.#moveTo(delta);
      case SeekMode.Current:
        return this.#moveTo(this.#offset + delta);
      case SeekMode.End:
        if (delta > 0) throw typeError("offset cannot be positive when using SeekModeEnd");
        // k6 counts from the last byte, not from the end.
        return this.#moveTo(size - 1 + delta);
      default:
        throw typeError("seek() failed; reason: the whence argument must be a SeekMode");
    }
  }

  #moveTo(position: number): number {
    if (position < 0) throw typeError("seeking before start of file");
    if (position > this.#bytes.length) throw typeError("seeking beyond end of file");
    this.#offset = position;
    return position;
  }
}

// To a script a file is an object of no class.
Object.defineProperty(File.prototype, "constructor", { value: Object });

function integerArgument(value: unknown, name: string, mustBe: string): number {
  const argument = `seek() failed; reason: the ${name} argument`;
  if (value === undefined || value === null)
    throw typeError(`${argument} cannot be null or undefined`);
  if (typeof value !== "number" || !Number.isInteger(value))
    throw typeError(`${argument} ${mustBe}`);
  return value;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

async function settled<T>(run: () => T): Promise<T> {
  return run();
}
