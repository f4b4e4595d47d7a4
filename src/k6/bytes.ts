/** What k6's Go functions take as bytes: a string (as UTF-8), an ArrayBuffer, or a view of one. */
import { GoError } from "./errors.ts";

/** The bytes of a script's value, without copying buffers. @throws GoError for anything that is not bytes */
export function toBytes(value: unknown): Uint8Array {
  const bytes = asBytes(value);
  if (bytes !== undefined) return bytes;
  throw new GoError(`invalid type ${typeof value}, expected string, []byte or ArrayBuffer`);
}

/** As {@link toBytes}, but undefined for what is not bytes. */
export function asBytes(value: unknown): Uint8Array | undefined {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}

/** A fresh ArrayBuffer with exactly these bytes. */
export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}
