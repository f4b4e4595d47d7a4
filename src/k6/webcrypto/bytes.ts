/** What WebCrypto of k6 takes as bytes: copies of buffers and typed arrays, and, for parameters, also of strings and arrays. */
import { HostError } from "../host-error.ts";
import { operationError } from "./algorithm.ts";

/**
 * The bytes to work on. As in k6, a view stands for its whole buffer (the view of a part is not cut out), and a DataView is refused.
 * @throws HostError OperationError
 */
export function dataBytes(value: unknown): Buffer {
  if (value instanceof ArrayBuffer) return Buffer.from(value.slice(0));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Buffer.from(value.buffer.slice(0));
  throw operationError("data is neither an ArrayBuffer, nor a TypedArray nor DataView");
}

/** A parameter such as an iv or a salt; what is no bytes is empty, and fails by its length. */
export function parameterBytes(value: unknown): Buffer {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (Array.isArray(value)) return Buffer.from(value as number[]);
  if (value instanceof ArrayBuffer) return dataBytes(value);
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return Buffer.alloc(0);
  return Buffer.from(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
}

/** @throws HostError as k6's digest, which looks twice */
export function digestBytes(value: unknown): Buffer {
  if (!(value instanceof ArrayBuffer || ArrayBuffer.isView(value)))
    throw new HostError(undefined, "data must be an ArrayBuffer, TypedArray, or DataView");
  return dataBytes(value);
}
