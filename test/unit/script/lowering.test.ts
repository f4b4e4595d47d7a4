/** The lowering against its oracle: the script as written, on primitives that return at once. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runScript, scriptOf, variants } from "../../support/lowering-harness.ts";
import { allShapes, freeTraces } from "../../support/lowering-shapes.ts";

describe("lowered scripts do what the script as written does", () => {
  for (const { title, body, top, keyword } of allShapes) {
    it(title, async () => {
      const source = scriptOf(body, top, keyword);
      const expected = await runScript(source, { primitives: "plain" });
      for (const { title: how, primitives, mode } of variants) {
        const actual = await runScript(source, { primitives, options: { mode } });
        const trace = freeTraces.has(title) ? expected.trace : actual.trace;
        assert.deepEqual(
          { how, ended: actual.ended, trace },
          { how, ended: expected.ended, trace: expected.trace },
        );
      }
    });
  }
});
