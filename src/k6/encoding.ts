/**
 * Module `k6/encoding`: base64 in Go's four alphabets, decoded as Go does: line ends are skipped anywhere, everything else
 * must fit, and the error names the byte (Node's own decoder skips what it does not know).
 */
import { toArrayBuffer, toBytes } from "./bytes.ts";
import { GoError } from "./errors.ts";
import { toGoString } from "./go-values.ts";

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

/** Module `k6/encoding` of one VU. */
export function createEncoding(): Record<string, unknown> {
  return { b64encode, b64decode };
}

function b64encode(input: unknown, encoding?: unknown): string {
  const { url, padded } = alphabetOf(encoding);
  const bytes = Buffer.from(toBytes(input));
  if (!url) {
    const text = bytes.toString("base64");
    return padded ? text : text.replace(/=+$/u, "");
  }
  const text = bytes.toString("base64url");
  return padded ? text.padEnd(Math.ceil(text.length / 4) * 4, "=") : text;
}

function b64decode(input: unknown, encoding?: unknown, format?: unknown): string | ArrayBuffer {
  const bytes = decode(Buffer.from(toGoString(input), "utf8"), alphabetOf(encoding));
  return toGoString(format) === "s" ? bytes.toString("utf8") : toArrayBuffer(bytes);
}

/** An unknown name is the standard alphabet. */
function alphabetOf(encoding: unknown): Alphabet {
  const name = toGoString(encoding);
  return Object.hasOwn(alphabets, name) ? alphabets[name]! : standard;
}

const padding = 0x3d;
const isLineEnd = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d;

function decode(source: Buffer, alphabet: Alphabet): Buffer {
  checkBase64(source, alphabet);
  return Buffer.from(source.toString("latin1"), alphabet.url ? "base64url" : "base64");
}

/** Reads groups of four digits; positions in errors are those of Go's decoder. */
function checkBase64(source: Buffer, alphabet: Alphabet): void {
  /** Of the group at hand. */
  let digits = 0;
  for (const [at, byte] of source.entries()) {
    if (isDigit(byte, alphabet)) digits = (digits + 1) % 4;
    else if (!isLineEnd(byte)) {
      if (byte !== padding || !alphabet.padded || digits < 2) throw illegal(at);
      checkPadding(source, at + 1, digits);
      return;
    }
  }
  checkEnd(source.length, digits, alphabet);
}

/** The end came behind so many digits of a group. */
function checkEnd(at: number, digits: number, { padded }: Alphabet): void {
  if (digits === 1 || (digits > 0 && padded)) throw illegal(at - digits);
}

/** What follows the first padding character: the second one after two digits, line ends, and nothing else. */
function checkPadding(source: Buffer, from: number, digits: number): void {
  let at = from;
  const skipLineEnds = (): void => {
    while (isLineEnd(source[at])) at++;
  };
  if (digits === 2) {
    skipLineEnds();
    if (at === source.length) throw illegal(source.length);
    if (source[at] !== padding) throw illegal(at - 1);
    at++;
  }
  skipLineEnds();
  if (at < source.length) throw illegal(at);
}

function isDigit(byte: number, { url }: Alphabet): boolean {
  return (
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === (url ? 0x2d : 0x2b) ||
    byte === (url ? 0x5f : 0x2f)
  );
}

function illegal(position: number): GoError {
  return new GoError(`illegal base64 data at input byte ${position}`);
}
