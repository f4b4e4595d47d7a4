/** What k6's Go functions take as bytes: a string (as UTF-8), an ArrayBuffer, or a view of bytes. */
import { GoError } from "./errors.ts";
import { goTypeOf } from "./go-values.ts";

/**
 * The bytes of a script's value, without copying buffers. Wider views than those of bytes are refused, as in k6.
 * @throws GoError for anything that is not bytes
 */
export function toBytes(value: unknown): Uint8Array {
  if (typeof value === "symbol") return Buffer.from(value.description ?? "", "utf8");
  const isWide =
    ArrayBuffer.isView(value) &&
    !(value instanceof Uint8Array || value instanceof Uint8ClampedArray);
  const bytes = isWide ? undefined : asBytes(value);
  if (bytes !== undefined) return bytes;
  throw new GoError(`invalid type ${goTypeOf(value)}, expected string, []byte or ArrayBuffer`);
}

/** As {@link toBytes} for any view, but undefined for what is not bytes. */
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
