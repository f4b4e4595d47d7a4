/** `Blob` of `k6/websockets`: bytes with a type, as scripts of k6 see them (own properties, no class behind `instanceof`). */
import { ReadableStream } from "node:stream/web";
import { asBytes, toArrayBuffer } from "../bytes.ts";
import { GoError } from "../errors.ts";
import { goTypeOf } from "../go-types.ts";
import { textOf } from "../text.ts";

const bytesOf = new WeakMap<object, Uint8Array>();

/** The function behind `Blob`; with or without `new`. */
export function Blob(parts?: unknown, options?: unknown): object {
  const type = (options as { type?: unknown } | undefined | null)?.type;
  return createBlob(Buffer.concat(readParts(parts)), type === undefined ? "" : textOf(type));
}

/** A blob of these bytes, which must not change any more. */
export function createBlob(bytes: Uint8Array, type = ""): object {
  const blob = {
    size: bytes.byteLength,
    type,
    arrayBuffer: async () => toArrayBuffer(bytes),
    bytes: async () => new Uint8Array(toArrayBuffer(bytes)),
    slice: (...args: unknown[]) => slice(bytes, args),
    text: async () => Buffer.from(bytes).toString("utf8"),
    stream: () => stream(bytes),
  };
  Object.defineProperty(blob, "toString", { value: () => "[object Blob]" });
  bytesOf.set(blob, bytes);
  return blob;
}

function readParts(parts: unknown): Uint8Array[] {
  if (parts === undefined || parts === null) return [];
  if (ArrayBuffer.isView(parts) || Array.isArray(parts))
    return Array.from(parts as unknown as Iterable<unknown>, readPart);
  throw new GoError(
    `failed to process [blobParts]: could not convert ${textOf(parts)} to []interface {}`,
  );
}

function readPart(part: unknown): Uint8Array {
  const bytes = asBytes(part) ?? ownBytes(part);
  if (bytes === undefined)
    throw new GoError(`failed to process [blobParts]: unsupported type: ${goTypeOf(part)}`);
  return bytes;
}

function ownBytes(part: unknown): Uint8Array | undefined {
  return typeof part === "object" && part !== null ? bytesOf.get(part) : undefined;
}

function slice(bytes: Uint8Array, [start, end, type]: readonly unknown[]): object {
  const part = bytes.slice(
    start === undefined ? 0 : Number(start),
    end === undefined ? undefined : Number(end),
  );
  return createBlob(part, type === undefined ? "" : textOf(type));
}

/** As in k6 the chunks are text. */
function stream(bytes: Uint8Array): ReadableStream {
  return new ReadableStream({
    start(controller) {
      if (bytes.byteLength > 0) controller.enqueue(Buffer.from(bytes).toString("utf8"));
      controller.close();
    },
  });
}
