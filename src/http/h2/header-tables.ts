/**
 * The two tables that HPACK refers to by number (RFC 7541 section 2.3): the static one of appendix A, and the dynamic
 * one that each peer fills. Fields are shared objects: an indexed field costs nothing.
 */
import type { HeaderFields } from "../exchange.ts";

/** One character a byte, names in lower case. */
export type Field = HeaderFields[number];

/** What an entry takes beside its characters (section 4.1). */
const entryOverheadBytes = 32;
export const defaultTableBytes = 4_096;

const staticText = `:authority
:method GET
:method POST
:path /
:path /index.html
:scheme http
:scheme https
:status 200
:status 204
:status 206
:status 304
:status 400
:status 404
:status 500
accept-charset
accept-encoding gzip, deflate
accept-language
accept-ranges
accept
access-control-allow-origin
age
allow
authorization
cache-control
content-disposition
content-encoding
content-language
content-length
content-location
content-range
content-type
cookie
date
etag
expect
expires
from
host
if-match
if-modified-since
if-none-match
if-range
if-unmodified-since
last-modified
link
location
max-forwards
proxy-authenticate
proxy-authorization
range
referer
refresh
retry-after
server
set-cookie
strict-transport-security
transfer-encoding
user-agent
vary
via
www-authenticate`;

/** Index 1 is the first entry. */
export const staticFields: readonly Field[] = staticText.split("\n").map((line): Field => {
  const blank = line.indexOf(" ");
  return blank === -1 ? [line, ""] : [line.slice(0, blank), line.slice(blank + 1)];
});

/** The first static index of each name. */
export const staticNames: ReadonlyMap<string, number> = new Map(
  staticFields.map(([name], index): [string, number] => [name, index + 1]).reverse(),
);

/** Octets of a field by HPACK's measure. */
export function fieldBytes(field: Field): number {
  return field[0].length + field[1].length + entryOverheadBytes;
}

/** The fields a peer has put in, the newest first; the oldest leave when the size is exceeded. */
export class DynamicTable {
  /** Changes with every insertion and eviction: equal generations mean equal contents. */
  generation = 0;
  /** A ring; allocated with the first entry, because many servers use none. */
  #ring: Field[] = [];
  #newest = -1;
  #count = 0;
  #bytes = 0;
  #maxBytes = defaultTableBytes;

  /** The entry at HPACK's index, where 62 is the newest. */
  find(index: number): Field | undefined {
    const age = index - staticFields.length - 1;
    if (age < 0 || age >= this.#count) return undefined;
    return this.#ring[(this.#newest - age + this.#ring.length) % this.#ring.length];
  }

  insert(field: Field): void {
    const bytes = fieldBytes(field);
    this.generation++;
    this.#evictTo(this.#maxBytes - bytes);
    if (bytes > this.#maxBytes) return; // larger than the table: it has emptied it
    if (this.#count === this.#ring.length) this.#grow();
    this.#newest = (this.#newest + 1) % this.#ring.length;
    this.#ring[this.#newest] = field;
    this.#count++;
    this.#bytes += bytes;
  }

  /** The peer's new limit, at most the announced one. */
  resize(maxBytes: number): void {
    this.generation++;
    this.#maxBytes = maxBytes;
    this.#evictTo(maxBytes);
  }

  #evictTo(bytes: number): void {
    while (this.#count > 0 && this.#bytes > bytes) {
      const oldest = (this.#newest - this.#count + 1 + this.#ring.length) % this.#ring.length;
      this.#bytes -= fieldBytes(this.#ring[oldest]!);
      this.#ring[oldest] = emptyField;
      this.#count--;
    }
  }

  #grow(): void {
    const larger: Field[] = [];
    for (let age = this.#count - 1; age >= 0; age--) {
      larger.push(this.#ring[(this.#newest - age + this.#ring.length) % this.#ring.length]!);
    }
    this.#newest = larger.length - 1;
    const size = Math.max(8, larger.length * 2);
    while (larger.length < size) larger.push(emptyField);
    this.#ring = larger;
  }
}

const emptyField: Field = ["", ""];
