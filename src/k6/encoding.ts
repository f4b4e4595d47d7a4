/**
 * Module `k6/encoding`: base64 in Go's four alphabets, decoded strictly (Node's own decoder skips what it does not know).
 * It has no state of a VU: one module object serves all.
 */
import { asBytes, toArrayBuffer, toBytes } from "./bytes.ts";
import { GoError } from "./errors.ts";

interface Alphabet {
  readonly url: boolean;
  readonly padded: boolean;
}

const standard: Alphabet = { url: false, padded: true };
const alphabets: Readonly<Record<string, Alphabet>> = {
  std: standard,
  rawstd: { url: false, padded: false },
  url: { url: true, padded: true },
  rawurl: { url: true, padded: false },
};

/** Module `k6/encoding`; the same object for every VU. */
export const encodingModule: Readonly<Record<string, unknown>> = Object.freeze({
  b64encode,
  b64decode,
});

function b64encode(input: unknown, encoding?: string): string {
  const { url, padded } = alphabetOf(encoding);
  const bytes = Buffer.from(toBytes(input));
  if (!url) {
    const text = bytes.toString("base64");
    return padded ? text : text.replace(/=+$/u, "");
  }
  const text = bytes.toString("base64url");
  return padded ? text.padEnd(Math.ceil(text.length / 4) * 4, "=") : text;
}

function b64decode(input: unknown, encoding?: string, format?: string): string | ArrayBuffer {
  const bytes = decode(
    Buffer.from(asBytes(input) ?? toBytes(String(input))).toString("latin1"),
    alphabetOf(encoding),
  );
  return format === "s" ? bytes.toString("utf8") : toArrayBuffer(bytes);
}

/** Go's default for an unknown name is the standard alphabet. */
function alphabetOf(encoding: string | undefined): Alphabet {
  return encoding !== undefined && Object.hasOwn(alphabets, encoding)
    ? alphabets[encoding]!
    : standard;
}

function decode(text: string, alphabet: Alphabet): Buffer {
  const clean = text.replace(/[\r\n]/gu, "");
  const digits = clean.replace(/={1,2}$/u, "");
  const foreign = digits.search(alphabet.url ? /[^A-Za-z0-9_-]/u : /[^A-Za-z0-9+/]/u);
  if (foreign >= 0) throw illegal(foreign);
  const padding = clean.length - digits.length;
  const wanted = alphabet.padded ? (4 - (digits.length % 4)) % 4 : 0;
  if (padding !== wanted || digits.length % 4 === 1) throw illegal(digits.length);
  return Buffer.from(digits, alphabet.url ? "base64url" : "base64");
}

function illegal(position: number): GoError {
  return new GoError(`illegal base64 data at input byte ${position}`);
}
