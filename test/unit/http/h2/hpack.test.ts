/** HPACK against the examples of RFC 7541 appendix C, its rules, and its own encoder. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { BlockMemo, HpackDecoder } from "../../../../src/http/h2/hpack-decoder.ts";
import { literalField, methodField, pathField } from "../../../../src/http/h2/hpack-encoder.ts";
import { decodeHuffman } from "../../../../src/http/h2/huffman.ts";

type Fields = readonly (readonly [string, string])[];

const maxListBytes = 65_536;

function createDecoder(memo: BlockMemo = new BlockMemo()): (hex: string) => Fields | undefined {
  const decoder = new HpackDecoder(memo, maxListBytes);
  return (hex) => {
    const bytes = Buffer.from(hex.replaceAll(" ", ""), "hex");
    // Between other bytes, as in a read buffer.
    const piece = Buffer.concat([Buffer.from([0xff]), bytes, Buffer.from([0xff])]);
    return decoder.decode(piece, 1, 1 + bytes.length)?.fields;
  };
}

/** Section C.2: single fields. */
const singleFields: readonly (readonly [string, Fields])[] = [
  [
    "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
    [["custom-key", "custom-header"]],
  ],
  ["040c 2f73 616d 706c 652f 7061 7468", [[":path", "/sample/path"]]],
  ["1008 7061 7373 776f 7264 0673 6563 7265 74", [["password", "secret"]]],
  ["82", [[":method", "GET"]]],
];

const requests: readonly Fields[] = [
  [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "www.example.com"],
  ],
  [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "www.example.com"],
    ["cache-control", "no-cache"],
  ],
  [
    [":method", "GET"],
    [":scheme", "https"],
    [":path", "/index.html"],
    [":authority", "www.example.com"],
    ["custom-key", "custom-value"],
  ],
];

/** C.3 and C.4: the same three requests, without and with Huffman coding. */
const requestBlocks = {
  plain: [
    "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
    "8286 84be 5808 6e6f 2d63 6163 6865",
    "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
  ],
  Huffman: [
    "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
    "8286 84be 5886 a8eb 1064 9cbf",
    "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
  ],
} as const;

const date = "Mon, 21 Oct 2013 20:13:21 GMT";
const laterDate = "Mon, 21 Oct 2013 20:13:22 GMT";
const cookie = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

function response(status: string, when: string, more: Fields = []): Fields {
  return [
    [":status", status],
    ["cache-control", "private"],
    ["date", when],
    ["location", "https://www.example.com"],
    ...more,
  ];
}

const responses: readonly Fields[] = [
  response("302", date),
  response("307", date),
  response("200", laterDate, [
    ["content-encoding", "gzip"],
    ["set-cookie", cookie],
  ]),
];

/** C.5 and C.6: three responses with a table of 256 octets, which the first block announces here. */
const tableOf256 = "3fe101 ";
const responseBlocks = {
  plain: [
    `${tableOf256}4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133
     2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
    "4803 3330 37c1 c0bf",
    `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04
     677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49
     553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31`,
  ],
  Huffman: [
    `${tableOf256}4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6
     2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3`,
    "4883 640e ffc1 c0bf",
    `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7
     821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed
     4ee5 b106 3d50 07`,
  ],
} as const;

const spaces = /\s/gu;

describe("the decoder reads the examples of RFC 7541", () => {
  for (const [hex, fields] of singleFields) {
    test(`C.2: ${fields[0]![0]}`, () => {
      assert.deepEqual(createDecoder()(hex), fields);
    });
  }

  for (const form of ["plain", "Huffman"] as const) {
    test(`C.3 and C.4, requests, ${form}`, () => {
      const decode = createDecoder();
      const decoded = requestBlocks[form].map((hex) => decode(hex));
      assert.deepEqual(decoded, requests);
    });

    test(`C.5 and C.6, responses with evictions, ${form}`, () => {
      const decode = createDecoder();
      const decoded = responseBlocks[form].map((hex) => decode(hex.replaceAll(spaces, "")));
      assert.deepEqual(decoded, responses);
    });
  }

  test("C.1: integers in each of their lengths", () => {
    assert.deepEqual(
      [1, 30, 31, 1_337].map((length) => {
        const value = "x".repeat(length);
        return createDecoder()(Buffer.from(literalField("n", value), "latin1").toString("hex"));
      }),
      [1, 30, 31, 1_337].map((length) => [["n", "x".repeat(length)]]),
    );
  });
});

describe("a block is refused when", () => {
  for (const [title, hex] of [
    ["an index is 0", "80"],
    ["an index is beyond the table", "be"],
    ["an index does not end", "ff80808080808080"],
    ["an index is out of all measure", "ffffffffff7f"],
    ["a literal has no name", "40"],
    ["a literal refers to a name that is not there", "7f00 0161"],
    ["a name is cut", "4005 6162"],
    ["a value is missing", "4001 61"],
    ["the table grows above the announced size", "3fe220"],
    ["the table is resized after a field", "8220"],
    ["Huffman padding is longer than seven bits", "4001 6182 1fff"],
    ["Huffman padding is not all ones", "4001 6181 18"],
    ["the end-of-string symbol is in a string", "4001 6184 ffffffff"],
  ] as const) {
    test(title, () => {
      assert.equal(createDecoder()(hex), undefined);
    });
  }
});

describe("the table", () => {
  test("is emptied by a size of 0, and by a field larger than itself", () => {
    const decode = createDecoder();
    decode("4001 6101 62");
    assert.deepEqual(decode("be"), [["a", "b"]]);
    assert.equal(decode("20be"), undefined);
    const other = createDecoder();
    other("4001 6101 62");
    const large = Buffer.from(literalField("x", "y".repeat(5_000)), "latin1").toString("hex");
    assert.equal(other(`40${large.slice(2)}`)?.length, 1);
    assert.equal(other("be"), undefined);
  });

  test("holds more fields than it first has room for, and forgets the oldest first", () => {
    const decode = createDecoder();
    for (let index = 0; index < 200; index++) {
      decode(`4001 61 04 ${Buffer.from(String(1_000 + index)).toString("hex")}`);
    }
    // 37 octets each: 110 fit in 4,096.
    assert.deepEqual(decode("be"), [["a", "1199"]]);
    assert.deepEqual(decode("ff2c"), [["a", "1090"]]); // 62 + 109
    assert.equal(decode("ff2d"), undefined);
  });

  test("is kept in step by a block that is found again by its bytes", () => {
    const memo = new BlockMemo();
    const [one, other] = [createDecoder(memo), createDecoder(memo)];
    one("4001 6101 62");
    assert.equal(one("4001 6101 62"), other("4001 6101 62"));
    assert.deepEqual(other("be"), [["a", "b"]]);
    assert.deepEqual(one("bf"), [["a", "b"]]);
  });

  test("changes what the same bytes mean", () => {
    const decode = createDecoder();
    decode("4001 6101 62");
    assert.deepEqual(decode("be"), [["a", "b"]]);
    assert.equal(decode("be"), decode("be"));
    decode("4001 6301 64");
    assert.deepEqual(decode("be"), [["c", "d"]]);
  });
});

test("a list above the limit is decoded for the table's sake, and not kept", () => {
  const decoder = new HpackDecoder(new BlockMemo(), 1_000);
  const decode = (hex: string) => {
    const bytes = Buffer.from(hex, "hex");
    return decoder.decode(bytes, 0, bytes.length);
  };
  decode(`400161${"7f81"}03${Buffer.from("v".repeat(512)).toString("hex")}`);
  const bomb = decode("be".repeat(10_000));
  assert.deepEqual([bomb?.isTooLarge, bomb?.fields], [true, []]);
  assert.deepEqual(decode("be")?.fields.length, 1);
});

test("Huffman codes of octets that no header holds", () => {
  // From appendix B: 0 has 13 bits, LF, CR and SYN have 30.
  const codeOf = (bits: string): Buffer => {
    const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, "1");
    return Buffer.from((padded.match(/.{8}/gu) ?? []).map((octet) => Number.parseInt(octet, 2)));
  };
  for (const [octet, code, length] of [
    [0, 0x1ff8, 13],
    [10, 0x3fff_fffc, 30],
    [13, 0x3fff_fffd, 30],
    [22, 0x3fff_fffe, 30],
    [249, 0xfff_fffe, 28],
    [255, 0x3ff_ffee, 26],
  ] as const) {
    const bytes = codeOf(code.toString(2).padStart(length, "0"));
    assert.equal(decodeHuffman(bytes, 0, bytes.length), String.fromCharCode(octet));
  }
});

const octetText = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
});

test("whatever the encoder writes, the decoder reads", () => {
  const field = fc.tuple(
    fc.oneof(fc.constantFrom("cookie", "authorization", "content-type", "x"), octetText),
    octetText,
  );
  fc.assert(
    fc.property(fc.array(field, { maxLength: 20 }), octetText, (fields, target) => {
      const text =
        methodField("GET") +
        methodField("PATCH") +
        pathField("/") +
        pathField(target) +
        fields.map(([name, value]) => literalField(name, value)).join("");
      const decoded = createDecoder()(Buffer.from(text, "latin1").toString("hex"));
      assert.deepEqual(decoded, [
        [":method", "GET"],
        [":method", "PATCH"],
        [":path", "/"],
        [":path", target],
        ...fields,
      ]);
    }),
  );
});

test("cookies and credentials are marked as never indexed", () => {
  for (const name of ["cookie", "authorization"]) {
    assert.equal(literalField(name, "x").charCodeAt(0) & 0xf0, 0x10);
  }
  assert.equal(literalField("accept", "x").charCodeAt(0) & 0xf0, 0);
});

test("random bytes never make the decoder throw, nor keep more than the limit", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (blocks) => {
      const decoder = new HpackDecoder(new BlockMemo(), maxListBytes);
      for (const bytes of blocks) {
        const block = decoder.decode(Buffer.from(bytes), 0, bytes.length);
        if (block === undefined) return;
        assert.ok(block.fields.length <= bytes.length);
      }
    }),
    { numRuns: 2_000 },
  );
});
