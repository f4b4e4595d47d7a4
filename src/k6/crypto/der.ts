/** Reads DER (ITU-T X.690), as far as certificates need it: definite lengths, one-byte tags. */

/** One element. */
export interface Der {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** Tags that certificates use; 0xa0 and on are context-specific and constructed, 0x80 and on primitive. */
export const derTags = { oid: 0x06, sequence: 0x30, set: 0x31, bmpString: 0x1e } as const;

/** The elements of a content, in their order. @throws RangeError when a length does not fit */
export function readDer(bytes: Uint8Array): Der[] {
  const elements: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = byteAt(bytes, at++);
    let length = byteAt(bytes, at++);
    if (length === 0x80 || length > 0x84) throw new RangeError("an unusual length");
    if (length > 0x80) {
      const lengthBytes = length - 0x80;
      length = 0;
      for (let i = 0; i < lengthBytes; i++) length = length * 256 + byteAt(bytes, at++);
    }
    if (at + length > bytes.length) throw new RangeError("an element is longer than what holds it");
    elements.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return elements;
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new RangeError("the end came early");
  return byte;
}

/** An object identifier in dots. */
export function oidOf(content: Uint8Array): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const first = numbers.shift() ?? 0;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...numbers].join(".");
}

/** An INTEGER that is not negative. */
export function integerOf(content: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(content).toString("hex") || "0"}`);
}

/** A string of any of the types that names use. */
export function derText({ tag, content }: Der): string {
  if (tag !== derTags.bmpString) return Buffer.from(content).toString("utf8");
  return Buffer.from(content).swap16().toString("utf16le");
}
