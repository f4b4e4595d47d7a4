import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  escapeKey,
  quoteField,
  seriesHead,
} from "../../../../src/outputs/influxdb/line-protocol.ts";
import { parseLines } from "../../../support/line-protocol.ts";

const parsed = (head: string): ReturnType<typeof parseLines>[number] =>
  parseLines(`${head} value=1 1\n`)[0]!;

describe("line protocol", () => {
  it("escapes commas, spaces and equals signs in keys, and leaves quotes and other letters", () => {
    assert.equal(escapeKey("a,b c=d"), "a\\,b\\ c\\=d");
    assert.equal(escapeKey('"مرحبا" \u{1f600}'), '"مرحبا"\\ \u{1f600}');
    assert.equal(escapeKey("C:\\dir\\file"), "C:\\dir\\file");
  });

  it("writes a slash for a backslash that would be read as part of an escape", () => {
    assert.equal(escapeKey("dir\\"), "dir/");
    assert.equal(escapeKey("a\\\\ b\\,c"), "a//\\ b/\\,c");
  });

  it("shows line breaks as two characters, and what has no form as U+FFFD", () => {
    assert.equal(escapeKey("a\nb\rc\td"), "a\\nb\\rc\\td");
    assert.equal(escapeKey("a\0b\ud83dc"), "a\ufffdb\ufffdc");
  });

  it("escapes quotes and backslashes in the text of a field", () => {
    assert.equal(quoteField('say "hi" \\'), '"say \\"hi\\" \\\\"');
  });

  it("gives back what went in, for all texts without backslashes and control characters", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).map((value) => {
      const plain = value.replace(/[\\\p{Cc}\p{Surrogate}\u2028\u2029]/gu, "");
      return plain === "" ? "-" : plain;
    });
    fc.assert(
      fc.property(fc.dictionary(text, text, { maxKeys: 5 }), text, (tags, field) => {
        const pairs = Object.entries(tags).map(([key, value]) => [`k${key}`, value] as const);
        assert.deepEqual({ ...parsed(seriesHead("m", pairs)).tags }, Object.fromEntries(pairs));
        const [point] = parseLines(`m f=${quoteField(field)} 1\n`);
        assert.equal(point?.fields["f"], field);
      }),
    );
  });

  it("is read as the same number of tags, whatever is in them", () => {
    const text = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 4 }), text, (keys, value) => {
        const pairs = keys.map((key, n) => [`${n}${key}`, value] as const);
        assert.equal(Object.keys(parsed(seriesHead("m", pairs)).tags).length, pairs.length);
      }),
    );
  });

  it("leaves out empty tags and renames those that InfluxDB keeps for itself", () => {
    assert.equal(
      seriesHead("m", [
        ["a", ""],
        ["", "b"],
        ["time", "noon"],
        ["_field", "f"],
      ]),
      "m,time_=noon,_field_=f",
    );
  });

  it("shortens values when measurement and tags would be longer than InfluxDB takes", () => {
    const tags = Array.from({ length: 20 }, (_, n) => [`tag${n}`, "ä".repeat(10_000)] as const);
    const head = seriesHead("m", tags);
    assert.ok(Buffer.byteLength(head) < 65_535);
    assert.equal(Object.keys(parsed(head).tags).length, 20);
    const short = seriesHead("m", tags.slice(0, 2));
    assert.equal(parsed(short).tags["tag1"]?.length, 10_000);
  });
});
