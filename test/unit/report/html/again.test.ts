/** The command that does the same again. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import fc from "fast-check";
import { againOf, quote } from "../../../../src/report/html/again.ts";
import { healthyRecord } from "../../../support/record.ts";

describe("againOf", () => {
  it("is the command line of the record", () => {
    const command = ["run", "--dau", "100000", "-e", "NAME=two words", "load.js"];
    const { command: text, note } = againOf(healthyRecord({ command }));
    assert.equal(text, "lakh run --dau 100000 -e 'NAME=two words' load.js");
    assert.doesNotMatch(note, /\*\*\*/u);
  });

  it("says that secrets must be put in again", () => {
    const { note } = againOf(healthyRecord({ command: ["run", "-e", "API_TOKEN=***", "load.js"] }));
    assert.match(note, /Secrets stand as \*\*\*/u);
  });

  it("says what is missing where the record has no command line", () => {
    const { command, note } = againOf(healthyRecord({ runner: "k6" }));
    assert.equal(command, "lakh run --runner k6 /script.js");
    assert.match(note, /does not hold the flags/u);
  });

  it("quotes any argument so that a shell takes it as it is", () => {
    const text = fc.string({ unit: "grapheme" }).filter((each) => !each.includes("\0"));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (given) => {
        const line = `printf '%s\\0' ${given.map(quote).join(" ")}`;
        const { stdout } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
        assert.deepEqual(stdout.split("\0").slice(0, -1), given);
      }),
      { numRuns: 30 },
    );
  });
});
