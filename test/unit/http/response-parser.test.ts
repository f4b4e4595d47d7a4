/** Framing rules of RFC 9112 and the bounds of the response parser, without sockets. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HeadMemo } from "../../../src/http/response-head.ts";
import { ResponseParser } from "../../../src/http/response-parser.ts";

interface Outcome {
  readonly state: string;
  readonly status: number | undefined;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  readonly problem: string | undefined;
  /** Bytes after the response. */
  readonly left: number;
}

interface How {
  readonly method?: string;
  readonly cuts?: readonly number[];
  readonly ends?: boolean;
  readonly maxBodyBytes?: number;
  readonly discardBody?: boolean;
}

function parse(response: string, how: How = {}): Outcome {
  const parser = new ResponseParser(new HeadMemo(), how.maxBodyBytes ?? 1_000_000);
  parser.begin(how.method ?? "GET", how.discardBody ?? false);
  const bytes = Buffer.from(response, "latin1");
  const readBuffer = Buffer.alloc(bytes.length + 64, "!");
  let used = 0;
  const borders = [...(how.cuts ?? []), bytes.length];
  let start = 0;
  for (const border of borders) {
    readBuffer.fill("!"); // what a piece leaves behind must not matter
    bytes.copy(readBuffer, 0, start, border);
    used += parser.feed(readBuffer, border - start);
    start = border;
  }
  if (how.ends ?? false) parser.finish();
  const body = parser.takeBody();
  return {
    state: parser.state,
    status: parser.head?.status,
    headers: parser.head?.headers ?? [],
    body: body === undefined ? undefined : Buffer.from(body).toString("latin1"),
    problem: parser.failure?.message,
    left: bytes.length - used,
  };
}

const ok = "HTTP/1.1 200 OK\r\n";

describe("where a body ends", () => {
  const cases: readonly (readonly [
    title: string,
    response: string,
    expected: Partial<Outcome>,
    how?: How,
  ])[] = [
    [
      "Content-Length counts the body",
      `${ok}Content-Length: 5\r\n\r\nhello`,
      { state: "complete", body: "hello", left: 0 },
    ],
    [
      "bytes after the body are left over",
      `${ok}Content-Length: 5\r\n\r\nhelloHTTP`,
      { state: "complete", left: 4 },
    ],
    [
      "Content-Length 0 is an empty body, not none",
      `${ok}Content-Length: 0\r\n\r\n`,
      { state: "complete", body: "" },
    ],
    [
      "equal Content-Lengths are one",
      `${ok}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`,
      { body: "ok" },
    ],
    [
      "different Content-Lengths are refused",
      `${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`,
      {
        state: "failed",
        problem: 'http: message cannot contain multiple Content-Length headers; got ["2" "3"]',
      },
    ],
    [
      "a negative Content-Length is refused",
      `${ok}Content-Length: -1\r\n\r\n`,
      { state: "failed", problem: 'bad Content-Length "-1"' },
    ],
    [
      "a Content-Length beyond exact numbers is refused",
      `${ok}Content-Length: 99999999999999999999\r\n\r\n`,
      { state: "failed" },
    ],
    [
      "a list in Content-Length is refused",
      `${ok}Content-Length: 2, 2\r\n\r\nok`,
      { state: "failed" },
    ],
    [
      "without a length the body ends with the connection",
      `${ok}\r\nhello`,
      { state: "complete", body: "hello" },
      { ends: true },
    ],
    ["and not before", `${ok}\r\nhello`, { state: "until-close" }],
    [
      "a counted body cut by the end is refused",
      `${ok}Content-Length: 9\r\n\r\nhello`,
      { state: "failed", problem: "unexpected EOF", body: "hello" },
      { ends: true },
    ],
    [
      "HEAD has no body whatever the fields say",
      `${ok}Content-Length: 500\r\n\r\n`,
      { state: "complete", body: "" },
      { method: "HEAD" },
    ],
    [
      "204 has no body whatever the fields say",
      "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
      { state: "complete", body: undefined, left: 5 },
    ],
    [
      "304 has no body whatever the fields say",
      "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
      { state: "complete", body: undefined },
    ],
    [
      "chunks are joined",
      `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3;x=y\r\ncde\r\n0\r\n\r\n`,
      { state: "complete", body: "abcde", left: 0 },
    ],
    [
      "sizes are hexadecimal in any case and may be padded",
      `${ok}Transfer-Encoding: chunked\r\n\r\n0A  \r\n0123456789\r\n0000\r\n\r\n`,
      { body: "0123456789" },
    ],
    [
      "chunked wins over Content-Length",
      `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n`,
      { body: "ab" },
    ],
    [
      "a coding other than chunked is refused",
      `${ok}Transfer-Encoding: gzip, chunked\r\n\r\nzz`,
      { state: "failed", problem: 'unsupported transfer encoding: "gzip, chunked"' },
    ],
    [
      "trailers are not merged into the headers",
      `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\nX-T: 1\r\n\r\n`,
      { state: "complete", headers: [] },
    ],
    [
      "a trailer that is no field is refused",
      `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\nnonsense\r\n\r\n`,
      { state: "failed" },
    ],
    [
      "a chunk without its line end is refused",
      `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n`,
      { state: "failed", problem: "malformed chunked encoding" },
    ],
    [
      "a chunk size of 14 digits is refused",
      `${ok}Transfer-Encoding: chunked\r\n\r\n00000000000001\r\n`,
      { state: "failed", problem: "http chunk length too large" },
    ],
    [
      "a chunk without a size is refused",
      `${ok}Transfer-Encoding: chunked\r\n\r\n\r\n`,
      { state: "failed", problem: "empty hex number for chunk length" },
    ],
    [
      "a chunk size that ends with a bare LF is refused",
      `${ok}Transfer-Encoding: chunked\r\n\r\n2\nok\n`,
      { state: "failed", problem: "chunked line ends with bare LF" },
    ],
    [
      "a negative chunk size is refused",
      `${ok}Transfer-Encoding: chunked\r\n\r\n-1\r\n`,
      { state: "failed", problem: "invalid byte in chunk length" },
    ],
    [
      "chunks cut by the end are refused",
      `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nab`,
      { state: "failed", problem: "unexpected EOF" },
      { ends: true },
    ],
  ];
  for (const [title, response, expected, how] of cases) {
    test(title, () => {
      const outcome = parse(response, how);
      for (const [key, value] of Object.entries(expected)) {
        assert.deepEqual(
          outcome[key as keyof Outcome],
          value,
          `${key} of ${JSON.stringify(outcome)}`,
        );
      }
    });
  }

  test("nothing depends on where the bytes are cut", () => {
    const whole = cases.map(([, response, , how]) => parse(response, how));
    for (const [index, [title, response, , how]] of cases.entries()) {
      for (let cut = 1; cut < response.length; cut++) {
        const pieces = parse(response, { ...how, cuts: [cut] });
        assert.deepEqual(
          { ...pieces, left: 0 },
          { ...whole[index], left: 0 },
          `${title}, cut at ${cut}`,
        );
      }
      const everywhere = Array.from({ length: response.length - 1 }, (_, at) => at + 1);
      assert.deepEqual(
        { ...parse(response, { ...how, cuts: everywhere }), left: 0 },
        { ...whole[index], left: 0 },
      );
    }
  });
});

describe("heads", () => {
  test("keeps names as sent, repeated fields, and reason phrases above ASCII", () => {
    const outcome = parse(
      "HTTP/1.1 404 Nicht gef\xfcnden\r\nx-A: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nE:\r\nContent-Length: 0\r\n\r\n",
    );
    assert.equal(outcome.status, 404);
    assert.deepEqual(outcome.headers, [
      ["x-A", "1"],
      ["Set-Cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["E", ""],
      ["Content-Length", "0"],
    ]);
  });

  test("joins folded lines with one space", () => {
    const { headers } = parse(`${ok}X-A: one\r\n \t two\r\n\tthree\r\nContent-Length: 0\r\n\r\n`);
    assert.deepEqual(headers[0], ["X-A", "one two three"]);
  });

  test("accepts bare LF as the end of a line", () => {
    const outcome = parse("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi\r\n\r\n");
    assert.deepEqual([outcome.status, outcome.body, outcome.left], [200, "hi", 4]);
  });

  test("skips interim responses", () => {
    const interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    assert.deepEqual(parse(`${interim}${ok}Content-Length: 2\r\n\r\nok`).body, "ok");
  });

  test("101 is final", () => {
    const outcome = parse("HTTP/1.1 101 Switching Protocols\r\n\r\nxyz");
    assert.deepEqual([outcome.state, outcome.status, outcome.left], ["complete", 101, 3]);
  });

  // The words are those of k6 2.2.
  for (const [title, response, problem] of [
    ["an empty name", `${ok}: 1\r\n\r\n`, 'malformed MIME header line: ": 1"'],
    ["a line without a colon", `${ok}foo\r\n\r\n`, 'malformed MIME header: missing colon: "foo"'],
    ["a folded first line", `${ok} foo\r\n\r\n`, 'malformed MIME header initial line: " foo"'],
    ["a bare CR", `${ok}X-A: a\rb\r\n\r\n`, 'malformed MIME header line: "X-A: a\\rb"'],
    ["a NUL", `${ok}X-A: a\0b\r\n\r\n`, 'malformed MIME header line: "X-A: a\\x00b"'],
    ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", 'malformed HTTP status code "20"'],
    ["another version", "HTTX/1.1 200 OK\r\n\r\n", 'malformed HTTP version "HTTX/1.1"'],
    ["an empty line before the status line", `\r\n${ok}\r\n`, 'malformed HTTP response ""'],
    ["another protocol at its first line", "SSH-2.0-x\r\n", 'malformed HTTP response "SSH-2.0-x"'],
  ] as const) {
    test(`refuses ${title}`, () => {
      const outcome = parse(response);
      assert.equal(outcome.state, "failed");
      assert.equal(outcome.problem, problem);
    });
  }

  test("takes what Go takes: a space before the colon, other versions, a status below 100", () => {
    assert.deepEqual(parse(`${ok}X-A : 1\r\nContent-Length: 0\r\n\r\n`).headers[0], ["X-A ", "1"]);
    const outcome = parse("HTTP/9.9 099 No\r\nContent-Length: 2\r\n\r\nok");
    assert.deepEqual([outcome.status, outcome.body], [99, "ok"]);
  });

  test("shows no Transfer-Encoding, and a Content-Length said twice once", () => {
    const twice = `${ok}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx`;
    assert.deepEqual(parse(twice).headers, [["Content-Length", "1"]]);
  });

  test("an end before the first byte is EOF, inside the head unexpected EOF", () => {
    assert.equal(parse("", { ends: true }).problem, "EOF");
    assert.equal(parse("HTTP/1.1 200", { ends: true }).problem, "unexpected EOF");
    assert.equal(
      parse(`${ok}Content-Le`, { ends: true }).problem,
      'malformed MIME header: missing colon: "Content-Le"',
    );
    assert.equal(
      parse("hello world", { ends: true }).problem,
      'malformed HTTP status code "world"',
    );
  });
});

const headTooLarge = "net/http: server response headers exceeded 10485760 bytes; aborted";

describe("bounds", () => {
  test("a head above 10 MiB is refused, also when it never ends", () => {
    assert.equal(parse(`${ok}X: ${"a".repeat(10_485_760)}`).problem, headTooLarge);
    assert.equal(
      parse(`${ok}X: ${"a".repeat(200_000)}\r\nContent-Length: 0\r\n\r\n`).state,
      "complete",
    );
  });

  test("interim responses without end are refused", () => {
    const outcome = parse("HTTP/1.1 100 Continue\r\n\r\n".repeat(420_000));
    assert.equal(outcome.problem, headTooLarge);
  });

  test("trailers without end are refused", () => {
    const outcome = parse(
      `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n${"A: b\r\n".repeat(1_800_000)}`,
    );
    assert.equal(outcome.problem, headTooLarge);
  });

  test("a chunk extension without end is refused", () => {
    assert.equal(
      parse(`${ok}Transfer-Encoding: chunked\r\n\r\n1;${"x".repeat(20_000)}`).state,
      "failed",
    );
  });

  test("a body above the limit is refused: announced, chunked or endless", () => {
    const tooLarge = "response body exceeds the size limit";
    assert.equal(parse(`${ok}Content-Length: 11\r\n\r\n`, { maxBodyBytes: 10 }).problem, tooLarge);
    assert.equal(
      parse(`${ok}Transfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n`, { maxBodyBytes: 10 })
        .problem,
      tooLarge,
    );
    assert.equal(parse(`${ok}\r\n${"x".repeat(11)}`, { maxBodyBytes: 10 }).problem, tooLarge);
    assert.equal(
      parse(`${ok}Content-Length: 10\r\n\r\n${"x".repeat(10)}`, { maxBodyBytes: 10 }).state,
      "complete",
    );
  });

  test("a discarded body is read to its end without a limit", () => {
    const outcome = parse(`${ok}Content-Length: 11\r\n\r\n12345678901`, {
      maxBodyBytes: 10,
      discardBody: true,
    });
    assert.deepEqual([outcome.state, outcome.body], ["complete", undefined]);
  });
});

describe("reuse of parsed heads", () => {
  test("equal heads share one result, different ones do not", () => {
    const memo = new HeadMemo();
    const parser = new ResponseParser(memo, 100);
    const heads = ["1", "1", "2"].map((etag) => {
      parser.begin("GET", false);
      const bytes = Buffer.from(`${ok}ETag: ${etag}\r\nContent-Length: 1\r\n\r\nx`);
      parser.feed(bytes, bytes.length);
      return parser.head;
    });
    assert.equal(heads[0], heads[1]);
    assert.deepEqual(heads[2]?.headers[0], ["ETag", "2"]);
  });
});
