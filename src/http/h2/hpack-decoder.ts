/**
 * Reads header blocks (RFC 7541). Every block of a connection must pass through here, wanted or not, because each one
 * changes the table that the next one refers to.
 * Servers repeat themselves: within one second (the `date` field) most blocks of one endpoint are the same bytes. A
 * block that refers to nothing dynamic means the same on every connection, and its insertions are replayed; one that
 * does, but inserts nothing, means the same as long as the table has not changed.
 */
import { decodeHuffman } from "./huffman.ts";
import {
  defaultTableBytes,
  DynamicTable,
  fieldBytes,
  staticFields,
  type Field,
} from "./header-tables.ts";
import type { BlockMeaning } from "./response-fields.ts";

/** A decoded block. Shared between responses with the same bytes: only `meaning` is ever set, once. */
export interface HeaderBlock {
  /** Empty when the list is too large. */
  readonly fields: readonly Field[];
  readonly isTooLarge: boolean;
  readonly insertions: readonly Field[];
  /** True when what it says depends on the dynamic table. */
  readonly isRelative: boolean;
  /** True when it resized the table. */
  readonly isResizing: boolean;
  /** What the fields say, as far as somebody has asked. */
  meaning: BlockMeaning | undefined;
}

const memoSlots = 32;
/** Longer blocks are decoded each time: the memo's memory is bounded by slots times this. */
const memoBlockBytes = 2_048;
/** No length or index of a block that fits our limits comes near. */
const maxInteger = 0x0fff_ffff;

/** The last blocks that mean the same on every connection of a worker, by their bytes. */
export class BlockMemo {
  readonly #slots: { readonly bytes: Buffer; readonly block: HeaderBlock }[] = [];
  #next = 0;

  find(piece: Buffer, start: number, end: number): HeaderBlock | undefined {
    for (const { bytes, block } of this.#slots) {
      if (bytes.length === end - start && isSame(piece, start, bytes)) return block;
    }
    return undefined;
  }

  add(bytes: Buffer, block: HeaderBlock): void {
    this.#slots[this.#next] = { bytes, block };
    this.#next = (this.#next + 1) % memoSlots;
  }
}

/** The decoding side of one connection. */
export class HpackDecoder {
  readonly #memo: BlockMemo;
  readonly #maxListBytes: number;
  readonly #table = new DynamicTable();
  /** The last relative block that inserted nothing, and the table's generation that it was decoded with. */
  #lastBytes: Buffer | undefined;
  #lastBlock: HeaderBlock | undefined;
  #lastGeneration = -1;
  /** Where the block under way is read. */
  #at = 0;
  #end = 0;

  /** @param maxListBytes a longer list, by HPACK's measure, is decoded but not kept */
  constructor(memo: BlockMemo, maxListBytes: number) {
    this.#memo = memo;
    this.#maxListBytes = maxListBytes;
  }

  /** Decodes the whole block in `piece[start…end)`; undefined when it is no valid one, which ends the connection. */
  decode(piece: Buffer, start: number, end: number): HeaderBlock | undefined {
    const known = this.#memo.find(piece, start, end);
    if (known !== undefined) {
      for (const field of known.insertions) this.#table.insert(field);
      return known;
    }
    if (this.#isLast(piece, start, end)) return this.#lastBlock;
    const block = this.#read(piece, start, end);
    const isKept = block !== undefined && !block.isResizing && end - start <= memoBlockBytes;
    if (isKept) this.#remember(Buffer.from(piece.subarray(start, end)), block);
    return block;
  }

  #isLast(piece: Buffer, start: number, end: number): boolean {
    const last = this.#lastBytes;
    return (
      last !== undefined &&
      last.length === end - start &&
      this.#lastGeneration === this.#table.generation &&
      isSame(piece, start, last)
    );
  }

  #remember(bytes: Buffer, block: HeaderBlock): void {
    if (!block.isRelative) {
      this.#memo.add(bytes, block);
    } else if (block.insertions.length === 0) {
      this.#lastBytes = bytes;
      this.#lastBlock = block;
      this.#lastGeneration = this.#table.generation;
    }
  }

  #read(piece: Buffer, start: number, end: number): HeaderBlock | undefined {
    this.#at = start;
    this.#end = end;
    let fields: Field[] = [];
    const insertions: Field[] = [];
    let listBytes = 0;
    let isRelative = false;
    let isResizing = false;
    while (this.#at < end) {
      const first = piece[this.#at]!;
      if ((first & 0xe0) === 0x20) {
        if (listBytes > 0 || !this.#resize(piece)) return undefined;
        isResizing = true;
        continue;
      }
      const index = this.#readInteger(piece, prefixBits(first));
      if (index > staticFields.length) isRelative = true;
      const field = first >= 0x80 ? this.#entry(index) : this.#readLiteral(piece, index);
      if (field === undefined) return undefined;
      if ((first & 0xc0) === 0x40) {
        this.#table.insert(field);
        insertions.push(field);
      }
      listBytes += fieldBytes(field);
      if (listBytes <= this.#maxListBytes) fields.push(field);
    }
    const isTooLarge = listBytes > this.#maxListBytes;
    if (isTooLarge) fields = [];
    return { fields, isTooLarge, insertions, isRelative, isResizing, meaning: undefined };
  }

  #resize(piece: Buffer): boolean {
    const bytes = this.#readInteger(piece, 5);
    if (bytes < 0 || bytes > defaultTableBytes) return false;
    this.#table.resize(bytes);
    return true;
  }

  #entry(index: number): Field | undefined {
    return index <= staticFields.length ? staticFields[index - 1] : this.#table.find(index);
  }

  #readLiteral(piece: Buffer, nameIndex: number): Field | undefined {
    const name = nameIndex === 0 ? this.#readText(piece) : this.#entry(nameIndex)?.[0];
    if (name === undefined) return undefined;
    const value = this.#readText(piece);
    return value === undefined ? undefined : [name, value];
  }

  #readText(piece: Buffer): string | undefined {
    if (this.#at >= this.#end) return undefined;
    const isHuffman = piece[this.#at]! >= 0x80;
    const length = this.#readInteger(piece, 7);
    const start = this.#at;
    if (length < 0 || length > this.#end - start) return undefined;
    this.#at += length;
    return isHuffman
      ? decodeHuffman(piece, start, this.#at)
      : piece.toString("latin1", start, this.#at);
  }

  /** An integer with a prefix of so many bits (section 5.1); -1 when it is cut or too large. */
  #readInteger(piece: Buffer, bits: number): number {
    const mask = (1 << bits) - 1;
    let value = piece[this.#at++]! & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 28 && this.#at < this.#end; shift += 7) {
      const octet = piece[this.#at++]!;
      value += (octet & 0x7f) * 2 ** shift;
      if (octet < 0x80) return value <= maxInteger ? value : -1;
    }
    return -1;
  }
}

/** Bits of the index in a field's first octet: indexed, literal with indexing, literal without. */
function prefixBits(first: number): number {
  if (first >= 0x80) return 7;
  return first >= 0x40 ? 6 : 4;
}

/** From the end, where the blocks of a server differ. */
function isSame(piece: Buffer, start: number, bytes: Buffer): boolean {
  for (let index = bytes.length - 1; index >= 0; index--) {
    if (piece[start + index] !== bytes[index]) return false;
  }
  return true;
}
