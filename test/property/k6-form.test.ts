import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compressBody, encodeBody } from "../../src/k6/http/body.ts";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

test("a form body reads back as what went in, keys sorted", () => {
  const form = fc.dictionary(
    fc.string({ unit: "binary" }),
    fc.oneof(fc.string({ unit: "binary" }), fc.integer()),
  );
  fc.assert(
    fc.property(form, (fields) => {
      const encoded = encodeBody({ ...fields }).content as string;
      const expected = Object.entries(fields)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => [key, String(value)]);
      assert.deepEqual([...new URLSearchParams(encoded)], expected);
    }),
    { numRuns: 300 },
  );
});

test("a compressed body unpacks to what went in", () => {
  const unpack: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
    gzip: (bytes) => gunzipSync(bytes),
    deflate: (bytes) => inflateSync(bytes),
    br: (bytes) => brotliDecompressSync(bytes),
  };
  const codings = fc.array(fc.constantFrom("gzip", "deflate", "br"), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), codings, (text, names) => {
      const { content, contentEncoding } = compressBody(text, names);
      assert.equal(contentEncoding, names.join(", "));
      const bytes = names.reduceRight((packed, name) => unpack[name]!(packed), content);
      assert.equal(Buffer.from(bytes).toString("utf8"), text);
    }),
    { numRuns: 50 },
  );
});
