/**
 * Decodes the Huffman code of HPACK (RFC 7541 section 5.2 and appendix B). The code is canonical: codes of one length
 * are consecutive numbers in the order of their symbols, so the lengths alone define it.
 * Codes up to ten bits, which are all characters that headers usually hold, are found with one table look-up.
 */

/** Code length in bits of each octet. */
// biome-ignore format: sixteen a row, as in a table of octets
const codeLengths: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
];
/** The end-of-string symbol, which may appear in no string: only its first bits, as padding. */
const endOfString = 256;
const endOfStringBits = 30;
const quickBits = 10;

/** Codes of one length: `first` is the smallest, its symbol stands at `offset` in the ordered list. */
interface CodeRange {
  readonly bits: number;
  readonly first: number;
  readonly count: number;
  readonly offset: number;
}

const orderedSymbols: number[] = [];
const ranges: readonly CodeRange[] = buildRanges();
/** By the next ten bits: symbol × 16 + length of its code; 0 when the code is longer. */
const quick: Uint16Array = buildQuick();

let scratch = Buffer.allocUnsafeSlow(4_096);

/** The text (one character a byte) that `bytes[start…end)` encodes; undefined when it is no Huffman code. */
export function decodeHuffman(bytes: Buffer, start: number, end: number): string | undefined {
  // The shortest code has five bits.
  const mostBytes = Math.floor(((end - start) * 8) / 5);
  if (mostBytes > scratch.length) scratch = Buffer.allocUnsafeSlow(mostBytes * 2);
  let length = 0;
  let pending = 0; // the next bits, right-aligned
  let pendingBits = 0;
  let at = start;
  for (;;) {
    while (pendingBits < quickBits && at < end) {
      pending = ((pending << 8) | bytes[at++]!) & 0x3_ffff;
      pendingBits += 8;
    }
    // Past the end ones are shifted in: what padding looks like, and never a whole code of its own.
    const window =
      pendingBits >= quickBits
        ? (pending >>> (pendingBits - quickBits)) & 0x3ff
        : ((pending << (quickBits - pendingBits)) | (0x3ff >>> pendingBits)) & 0x3ff;
    const entry = quick[window]!;
    const bits = entry & 0x0f;
    if (entry !== 0 && bits <= pendingBits) {
      scratch[length++] = entry >>> 4;
      pendingBits -= bits;
      continue;
    }
    if (at >= end && pendingBits < 8) break;
    const long = readLongCode(bytes, at * 8 - pendingBits, end * 8);
    if (long === undefined) break;
    scratch[length++] = long.symbol;
    at = Math.ceil(long.nextBit / 8);
    pendingBits = at * 8 - long.nextBit;
    pending = pendingBits === 0 ? 0 : bytes[at - 1]!;
  }
  const isPadded = at >= end && pendingBits < 8 && isOnes(pending, pendingBits);
  return isPadded ? scratch.toString("latin1", 0, length) : undefined;
}

/** A code of more than ten bits that begins at bit `from`; undefined when there is none before `endBit`. */
function readLongCode(
  bytes: Buffer,
  from: number,
  endBit: number,
): { symbol: number; nextBit: number } | undefined {
  let code = 0;
  let bit = from;
  for (const range of ranges) {
    if (from + range.bits > endBit) return undefined;
    while (bit < from + range.bits) {
      code = (code << 1) | ((bytes[bit >>> 3]! >>> (7 - (bit & 7))) & 1);
      bit++;
    }
    const index = code - range.first;
    if (index < 0 || index >= range.count) continue;
    const symbol = orderedSymbols[range.offset + index]!;
    return symbol === endOfString ? undefined : { symbol, nextBit: bit };
  }
  return undefined;
}

function isOnes(value: number, bits: number): boolean {
  const mask = (1 << bits) - 1;
  return (value & mask) === mask;
}

function buildRanges(): CodeRange[] {
  const built: CodeRange[] = [];
  let code = 0;
  for (let bits = 1; bits <= endOfStringBits; bits++) {
    code <<= 1;
    const offset = orderedSymbols.length;
    for (let symbol = 0; symbol <= endOfString; symbol++) {
      if ((codeLengths[symbol] ?? endOfStringBits) === bits) orderedSymbols.push(symbol);
    }
    const count = orderedSymbols.length - offset;
    if (count > 0) built.push({ bits, first: code, count, offset });
    code += count;
  }
  return built;
}

function buildQuick(): Uint16Array {
  const table = new Uint16Array(1 << quickBits);
  for (const { bits, first, count, offset } of ranges) {
    if (bits > quickBits) break;
    const spread = 1 << (quickBits - bits);
    for (let index = 0; index < count; index++) {
      const entry = orderedSymbols[offset + index]! * 16 + bits;
      table.fill(entry, (first + index) * spread, (first + index + 1) * spread);
    }
  }
  return table;
}
