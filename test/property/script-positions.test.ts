import { strict as assert } from "node:assert";
import { test } from "node:test";
import fc from "fast-check";
import { outlineOf } from "../../src/script/outline.ts";
import { createProgramMap, packEdits } from "../../src/script/positions.ts";

const outline = outlineOf("");

/** A text of distinct positions, and edits of it that do not overlap. */
const edited = fc
  .array(
    fc.record({ kept: fc.nat(6), removed: fc.nat(4), inserted: fc.string({ maxLength: 5 }) }),
    { maxLength: 12 },
  )
  .map((steps) => {
    const edits: { offset: number; removed: number; inserted: string }[] = [];
    let offset = 0;
    for (const { kept, removed, inserted } of steps) {
      // Neighbours at one place would be one edit.
      offset += kept + 1;
      edits.push({ offset, removed, inserted });
      offset += removed;
    }
    return { length: offset + 5, edits };
  });

test("every place of the program leads back: kept text to itself, inserted text to its edit", () => {
  fc.assert(
    fc.property(edited, fc.nat(30), ({ length, edits }, prefixLength) => {
      const map = createProgramMap("", {
        outline,
        bundleLines: new Uint32Array(),
        sourceMap: "",
        edits: packEdits(edits),
        prefixLength,
      });
      let output = prefixLength;
      const next = (): ReturnType<typeof map.toBundle> => map.toBundle(output++);
      let source = 0;
      for (const edit of [...edits, { offset: length, removed: 0, inserted: "" }]) {
        for (; source < edit.offset; source++) {
          assert.deepEqual(next(), { offset: source, end: source, generated: false });
        }
        const place = { offset: edit.offset, end: edit.offset + edit.removed, generated: true };
        for (let index = 0; index < edit.inserted.length; index++) assert.deepEqual(next(), place);
        source = edit.offset + edit.removed;
      }
    }),
    { numRuns: 300 },
  );
});

test("lines and columns of the program become offsets", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ maxLength: 8 }).map((line) => line.replaceAll("\n", "")),
        { minLength: 1 },
      ),
      (lines) => {
        const map = createProgramMap(lines.join("\n"), {
          outline,
          bundleLines: new Uint32Array(),
          sourceMap: "",
          edits: new Uint32Array(),
          prefixLength: 0,
        });
        let offset = 0;
        for (const [index, line] of lines.entries()) {
          for (let column = 1; column <= line.length + 1; column++)
            assert.equal(map.offsetAt(index + 1, column), offset++);
        }
      },
    ),
    { numRuns: 200 },
  );
});
