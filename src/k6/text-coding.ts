/**
 * The globals `TextEncoder` and `TextDecoder` as k6 has them: UTF-8 and the two UTF-16, callable without `new`, no `encodeInto`.
 * Decoding is the platform's.
 */
import { TextDecoder as PlatformDecoder } from "node:util";
import { toGoString } from "./go-values.ts";

interface Encoder {
  encoding: string;
  encode: (text?: unknown) => Uint8Array;
}

/** k6's `TextEncoder`. */
export const TextEncoder: object = function TextEncoder(): Encoder {
  return {
    encoding: "utf-8",
    // A copy with a buffer of its own: those of Buffer.from may share one.
    encode: (text) => new Uint8Array(Buffer.from(toGoString(text), "utf8")),
  };
};

interface Decoder {
  decode: (input?: unknown, options?: unknown) => string;
  encoding: string;
  fatal: boolean;
  ignoreBOM: boolean;
}

/** Labels that k6 knows, of all that the standard has. */
const encodings: Readonly<Record<string, string>> = {
  "": "utf-8",
  "utf-8": "utf-8",
  utf8: "utf-8",
  "unicode-1-1-utf-8": "utf-8",
  "utf-16": "utf-16le",
  "utf-16le": "utf-16le",
  "utf-16be": "utf-16be",
};

/** k6's `TextDecoder`. */
export const TextDecoder: object = function TextDecoder(
  label?: unknown,
  options?: unknown,
): Decoder {
  const name = toGoString(label).trim().toLowerCase();
  const encoding = Object.hasOwn(encodings, name) ? encodings[name]! : undefined;
  if (encoding === undefined) throw new RangeError(`unsupported encoding: ${toGoString(label)}`);
  const { fatal, ignoreBOM } = flagsOf(options);
  const platform = new PlatformDecoder(encoding, { fatal, ignoreBOM });
  const decode = (input?: unknown, decodeOptions?: unknown): string => {
    try {
      return platform.decode(decoderBytes(input), { stream: isStream(decodeOptions) });
    } catch (error) {
      throw fatal ? new TypeError("decoding text: invalid byte sequence") : error;
    }
  };
  return { decode, encoding, fatal, ignoreBOM };
};

function flagsOf(options: unknown): { fatal: boolean; ignoreBOM: boolean } {
  const { fatal, ignoreBOM } = (options ?? {}) as { fatal?: unknown; ignoreBOM?: unknown };
  return { fatal: Boolean(fatal), ignoreBOM: Boolean(ignoreBOM) };
}

function isStream(options: unknown): boolean {
  return Boolean((options as { stream?: unknown } | undefined | null)?.stream);
}

function decoderBytes(input: unknown): Uint8Array {
  if (input === undefined || input === null) return new Uint8Array();
  if (typeof input === "string") return Buffer.from(input, "utf8");
  if (Array.isArray(input)) return Uint8Array.from(input as number[]);
  if (ArrayBuffer.isView(input))
    return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  return new Uint8Array(input as ArrayBuffer);
}
