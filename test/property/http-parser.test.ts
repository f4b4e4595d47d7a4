/**
 * The response parser against Node's own: responses from a grammar that is mostly right, then damaged, are cut at
 * every byte (short ones) or at random. Both readers agree on status, headers and body, or both refuse.
 * Where they may differ is listed in `knownDifferences`, each with its reason; nothing else passes.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { HeadMemo } from "../../src/http/response-head.ts";
import { ResponseParser } from "../../src/http/response-parser.ts";
import { readWithNode } from "../support/http-node-oracle.ts";
import type { ReadResponse } from "../support/http-node-oracle.ts";

interface Reading {
  readonly response: ReadResponse;
  /** Bytes that belong to the response; the rest would come on a connection that is closed. */
  readonly used: number;
}

function readWithLakh(bytes: Buffer, method: string, cuts: readonly number[]): Reading {
  const parser = new ResponseParser(new HeadMemo(), 10_000_000);
  parser.begin(method, false);
  const readBuffer = Buffer.alloc(bytes.length);
  let used = 0;
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    readBuffer.fill(0x0a); // a reader that looks past its piece would find line ends
    bytes.copy(readBuffer, 0, start, end);
    used += parser.feed(readBuffer, end - start);
    start = end;
  }
  parser.finish();
  if (parser.state !== "complete") return { response: undefined, used };
  const { status, statusText, headers } = parser.head!;
  const body = Buffer.from(parser.takeBody() ?? []).toString("latin1");
  return { response: { status, statusText, headers, body }, used };
}

describe("response parser", () => {
  test("agrees with Node's parser, wherever the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCase(), async ({ text, method, cutSeeds }) => {
        const bytes = Buffer.from(text, "latin1");
        const whole = readWithLakh(bytes, method, []);
        for (const cuts of cutLists(bytes.length, cutSeeds)) {
          assert.deepEqual(
            readWithLakh(bytes, method, cuts).response,
            whole.response,
            `cut at ${cuts.join()}`,
          );
        }
        // Node goes on to parse what follows a response; only the response itself is in question.
        const relevant = whole.response === undefined ? bytes : bytes.subarray(0, whole.used);
        const node = await readWithNode(relevant, method);
        const isSame = JSON.stringify(node) === JSON.stringify(whole.response);
        if (!isSame && !isKnownDifference(text, whole.response, node))
          assert.deepEqual(whole.response, node);
      }),
      { numRuns: 1_000 },
    );
  });
});

interface KnownDifference {
  readonly reason: string;
  /** "none": both read it, but not alike. */
  readonly refusedBy: "lakh" | "node" | "none";
  /** Tested against the heads (interim ones and the final one), or what follows them. */
  readonly part: "heads" | "rest";
  readonly when: RegExp;
}

const knownDifferences: readonly KnownDifference[] = [
  {
    reason:
      "a bare LF may end a line (RFC 9112 section 2.2); servers that send it exist, and Go reads them",
    refusedBy: "node",
    part: "heads",
    when: /(?:^|[^\r])\n/u,
  },
  {
    reason: "Go takes a field name with blanks inside as it is, and so does k6",
    refusedBy: "node",
    part: "heads",
    when: /^(?!HTTP\/)[^\r\n:]* [^\r\n:]*:/mu,
  },
  {
    reason: "Go skips further blanks before the status, and so does k6",
    refusedBy: "node",
    part: "heads",
    when: /^HTTP\/\S+ {2,}/mu,
  },
  {
    reason: "HTTP/1.0 has no transfer codings: Go reads such a body as it stands, and so does k6",
    refusedBy: "none",
    part: "heads",
    when: /^HTTP\/(?:0\.9|1\.0) [^]*^transfer-encoding:/imu,
  },
  {
    reason: "Go knows one transfer coding, chunked, and takes it once",
    refusedBy: "lakh",
    part: "heads",
    when: /^transfer-encoding:(?![ \t]*chunked[ \t]*\r?$)|^transfer-encoding:[^]*^transfer-encoding:/imu,
  },
  {
    reason: "a higher minor version is read as the highest known one (RFC 9110 section 2.5)",
    refusedBy: "node",
    part: "heads",
    when: /^HTTP\/1\.[2-9] /mu,
  },
  {
    reason: "folded lines are joined (RFC 9112 section 5.2); Node refuses some of them",
    refusedBy: "node",
    part: "heads",
    when: /\n[ \t]/u,
  },
  {
    reason:
      "chunked beside Content-Length is read, but the connection is not used again (RFC 9112 section 6.3)",
    refusedBy: "node",
    part: "heads",
    when: /^(?=[^]*^transfer-encoding:)(?=[^]*^content-length:)/imu,
  },
  {
    reason: "equal Content-Length fields are one (RFC 9112 section 6.3, rule 5)",
    refusedBy: "node",
    part: "heads",
    when: /^content-length:([^\r\n]*)\r?\n[^]*^content-length:\1\r?\n/imu,
  },
  {
    reason:
      "chunk sizes may be padded, and extensions are skipped without a look (servers pad; nobody uses the rest)",
    refusedBy: "node",
    part: "rest",
    when: /^[0-9a-f]+(?:[ \t]|;)/imu,
  },
  {
    reason:
      "a tab after a coding's name is optional whitespace (RFC 9110 section 5.6.3); Node does not see chunked there",
    refusedBy: "none",
    part: "heads",
    when: /^transfer-encoding:.*chunked *\t/imu,
  },
  {
    reason: "trailers are dropped, so folds, bare LFs and framing fields among them do no harm",
    refusedBy: "node",
    part: "rest",
    when: /^0+\r?\n(?:[^]*[^\r]\n|[^]*\n[ \t]|[^]*^content-length:|\n)/imu,
  },
  {
    reason: "only HTTP/1.x is spoken here; Node also takes 0.9 and 2.0 in a text status line",
    refusedBy: "lakh",
    part: "heads",
    when: /^HTTP\/(?:0\.9|2\.0) /mu,
  },
  {
    reason: "a response begins with its status line; Node skips line ends before it",
    refusedBy: "lakh",
    part: "heads",
    when: /^[\r\n]|\n\r?\n[\r\n]+HTTP/u,
  },
  {
    reason: "a status below 100 does not exist (RFC 9110 section 15)",
    refusedBy: "lakh",
    part: "heads",
    when: /^HTTP\/\d\.\d 0/mu,
  },
  {
    reason: "a bare CR ends no line (RFC 9112 section 2.2); Node takes some for a line end",
    refusedBy: "lakh",
    part: "heads",
    when: /\r(?!\n)/u,
  },
  {
    reason: "control characters in a reason phrase are refused as in fields (RFC 9112 section 4)",
    refusedBy: "lakh",
    part: "heads",
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    when: /^HTTP\/\S+ \S+ .*[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/mu,
  },
];

function isKnownDifference(text: string, lakh: ReadResponse, node: ReadResponse): boolean {
  const heads =
    /^(?:HTTP\/1\.\d 1(?!01)\d\d[^]*?\n\r?\n)*[^]*?(?:\n\r?\n|$)/u.exec(text)?.[0] ?? "";
  const parts = { heads, rest: text.slice(heads.length) };
  return knownDifferences.some(({ refusedBy, part, when }) => {
    const refused = lakh === undefined ? "lakh" : node === undefined ? "node" : "none";
    return refused === refusedBy && when.test(parts[part]);
  });
}

/** Every single cut of a short response, and one list of random cuts. */
function cutLists(length: number, seeds: readonly number[]): number[][] {
  const single =
    length <= 300 ? Array.from({ length: Math.max(0, length - 1) }, (_, at) => [at + 1]) : [];
  const random = [...new Set(seeds.map((seed) => seed % Math.max(1, length)))].sort(
    (a, b) => a - b,
  );
  return [...single, random];
}

interface Case {
  readonly text: string;
  readonly method: string;
  readonly cutSeeds: readonly number[];
}

function arbitraryCase(): fc.Arbitrary<Case> {
  const response = fc
    .tuple(fc.array(arbitraryInterim(), { maxLength: 2 }), arbitraryFinal())
    .map(([interim, final]) => interim.join("") + final);
  return fc.record({
    text: fc
      .tuple(response, fc.array(arbitraryDamage(), { maxLength: 2 }))
      .map(([text, damages]) => damages.reduce((damaged, damage) => damage(damaged), text)),
    method: fc.constantFrom("GET", "GET", "GET", "HEAD"),
    cutSeeds: fc.array(fc.nat(100_000), { maxLength: 8 }),
  });
}

/** Mostly the first. */
function mostly<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(usual, ...others) },
  );
}

function arbitraryInterim(): fc.Arbitrary<string> {
  return mostly(
    "",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
    "HTTP/1.1 102 \r\nContent-Length: 5\r\n\r\n",
  );
}

function arbitraryFinal(): fc.Arbitrary<string> {
  return fc
    .record({
      statusLine: arbitraryStatusLine(),
      eol: mostly("\r\n", "\n"),
      fields: fc.array(arbitraryField(), { maxLength: 4 }),
      body: arbitraryBody(),
    })
    .map(
      ({ statusLine, eol, fields, body }) =>
        [statusLine, ...fields, ...body.fields].join(eol) + eol + eol + body.bytes,
    );
}

function arbitraryStatusLine(): fc.Arbitrary<string> {
  return fc
    .tuple(
      mostly(
        "HTTP/1.1",
        "HTTP/1.0",
        "HTTP/1.2",
        "HTTP/2.0",
        "HTTP/0.9",
        "http/1.1",
        "HTTP/1.10",
        "HTTP/11",
        "ICY",
      ),
      mostly(" ", "", "  ", "\t"),
      mostly(
        "200",
        "204",
        "304",
        "404",
        "500",
        "100",
        "101",
        "099",
        "000",
        "999",
        "20",
        "2000",
        "2x0",
        "-20",
      ),
      mostly(" OK", "", " ", " Nicht gef\xfcnden", "  two", "OK", " a\tb", " a\x01b"),
    )
    .map((parts) => parts.join(""));
}

function arbitraryField(): fc.Arbitrary<string> {
  const name = mostly(
    "X-A",
    "x-b",
    "Date",
    "Set-Cookie",
    "X A",
    "X\xe4",
    "",
    "X-A ",
    " X",
    "Connection",
    "Keep-Alive",
    "Upgrade",
    "Proxy-Connection",
  );
  const value = mostly(
    "v",
    "",
    "a, b",
    "close",
    "keep-alive",
    "upgrade",
    "\xfc\xff",
    "a\x00b",
    "a\x7fb",
    "a\tb",
    "a\x0bb",
    "x".repeat(500),
    "folded\r\n more",
    "folded\r\n\tmore\r\n  and more",
    "cr\rinside",
    "lf\nX-C: d",
  );
  return fc
    .tuple(name, mostly(": ", ":", ":\t", " : ", "", ";"), value, mostly("", " ", "\t "))
    .map((parts) => parts.join(""));
}

interface Body {
  readonly fields: readonly string[];
  readonly bytes: string;
}

function arbitraryBody(): fc.Arbitrary<Body> {
  const content = fc.oneof(
    fc.constantFrom("", "hello", "0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    fc.nat(40_000).map((length) => "z".repeat(length)),
  );
  return fc.oneof(
    content.map((bytes) => ({ fields: [], bytes })),
    arbitraryCounted(content),
    arbitraryCounted(content),
    arbitraryChunked(content),
    arbitraryChunked(content),
  );
}

function arbitraryCounted(content: fc.Arbitrary<string>): fc.Arbitrary<Body> {
  return fc
    .tuple(
      content,
      mostly(
        "right",
        "+1",
        "-1",
        "+5",
        "5, 5",
        "0x5",
        "",
        "1e1",
        "99999999999999999999999",
        "twice",
        "differ",
        "00",
      ),
      mostly("Content-Length", "content-length", "CONTENT-LENGTH"),
    )
    .map(([bytes, kind, name]) => {
      const { length } = bytes;
      if (kind === "twice") return { bytes, fields: [`${name}: ${length}`, `${name}: ${length}`] };
      if (kind === "differ")
        return { bytes, fields: [`${name}: ${length}`, `${name}: ${length + 1}`] };
      if (kind === "00") return { bytes, fields: [`${name}: 00${length}`] };
      if (kind === "-1") return { bytes, fields: [`${name}: ${Math.max(0, length - 1)}`] };
      if (kind === "+1") return { bytes, fields: [`${name}: ${length + 1}`] };
      return { bytes, fields: [`${name}: ${kind === "right" ? length : kind}`] };
    });
}

function arbitraryChunked(content: fc.Arbitrary<string>): fc.Arbitrary<Body> {
  const chunk = fc
    .record({
      data: content,
      size: mostly("right", "+1", "-1", "x", "0", "", "FFFFFFFFFFFFFFFFF", "upper"),
      tail: mostly(
        "",
        ";a=b",
        ";a",
        " ",
        "\t",
        " ;a=b",
        ';a="q;\\"r"',
        ";a=b;c=d",
        ";\x01",
        ";=",
        ";;",
        " x",
      ),
      eol: mostly("\r\n", "\n", "\r", ""),
      after: mostly("\r\n", "\n", "", "\rX"),
    })
    .map(({ data, size, tail, eol, after }) => {
      const sizes: Readonly<Record<string, string>> = {
        right: data.length.toString(16),
        upper: `0${data.length.toString(16).toUpperCase()}`,
        "+1": (data.length + 1).toString(16),
        "-1": Math.max(0, data.length - 1).toString(16),
      };
      return data === "" ? "" : `${sizes[size] ?? size}${tail}${eol}${data}${after}`;
    });
  const last = mostly(
    "0\r\n\r\n",
    "000\r\n\r\n",
    "0;x=y\r\n\r\n",
    "0\r\nX-T: 1\r\n\r\n",
    "0\r\nbad trailer\r\n\r\n",
    "0\r\nX-T: 1\r\n folded\r\n\r\n",
    "0\r\n",
    "",
    "0\r\nContent-Length: 5\r\n\r\n",
    "0\n\n",
    "0\r\n\n",
  );
  const field = mostly(
    "Transfer-Encoding: chunked",
    "transfer-encoding: Chunked",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: chunked, gzip",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip",
    "Transfer-Encoding: chunked\r\nContent-Length: 3",
    "Content-Length: 3\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: ",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
  );
  return fc
    .tuple(field, fc.array(chunk, { maxLength: 4 }), last)
    .map(([te, chunks, end]) => ({ fields: [te], bytes: chunks.join("") + end }));
}

/** One small fault at a random place; most responses stay whole. */
function arbitraryDamage(): fc.Arbitrary<(text: string) => string> {
  const place = fc.nat(400);
  const byte = fc.oneof(
    fc.constantFrom("\r", "\n", " ", ":", "\0", "\t", ";", "0"),
    fc.nat(255).map((code) => String.fromCharCode(code)),
  );
  const change = fc
    .tuple(place, byte, fc.constantFrom("insert", "replace", "delete", "cut", "double"))
    .map(([seed, character, kind]) => (text: string) => {
      const at = text.length === 0 ? 0 : seed % text.length;
      if (kind === "cut") return text.slice(0, at);
      if (kind === "double") return text.slice(0, at) + text.slice(Math.max(0, at - 9));
      return (
        text.slice(0, at) +
        (kind === "delete" ? "" : character) +
        text.slice(kind === "insert" ? at : at + 1)
      );
    });
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant((text: string) => text) },
    { weight: 1, arbitrary: change },
  );
}
