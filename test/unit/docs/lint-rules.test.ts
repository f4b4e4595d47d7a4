/** The pages about `lakh check` are made from its rules and its schema. `UPDATE_GOLDEN=1` writes them. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { checkDocumentSchema } from "../../../src/cli/check-document.ts";
import { type Rule, lintRules } from "../../../src/lint/index.ts";
import { repoRoot } from "../../support/cli.ts";

const reference = join(repoRoot, "docs", "reference");

function assertPage(path: string, text: string): void {
  const file = join(reference, path);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, text);
  assert.equal(readFileSync(file, "utf8"), text, `${path} is old; UPDATE_GOLDEN=1 rewrites it`);
}

function section({ id, title, why, fix, severities, looksAt, needs }: Rule): string {
  const words = { goal: "a stated rate", dau: "`--dau`", trial: "a dry run" };
  const needed = needs.map((need) => words[need]).join(", ");
  return [
    `## ${id}`,
    "",
    `**${title}.** ${why}`,
    "",
    `- Fix: ${fix}.`,
    `- Severity: ${severities.join(" or ")}.`,
    `- Looks at: ${looksAt}${needed === "" ? "" : `; needs ${needed}`}.`,
    "",
  ].join("\n");
}

const head = `# The rules of \`lakh check\`

This page is made from the rules themselves. A finding is a **problem** when the run would not mean what its script says, a **warning** when it may mislead, and **info** when it is worth knowing.
What cannot be told for certain from the text, the options and the dry run is no finding: a script without findings has none of these faults that show, not none at all.
A rule that could not be applied is listed as not judged, with the reason.

\`\`\`js
// lakh-ignore url-cardinality: the target has three items
http.get(\`\${BASE_URL}/items/\${id}\`);
\`\`\`

A comment like this sets a rule aside for the next line of code (or, at the end of a line, for that line), \`// lakh-ignore-file RULE: reason\` for the whole script; several rules stand with commas between them.
What was set aside is listed with its reason. \`--rule\` and \`--ignore\` choose rules for one check.
`;

describe("docs/reference", () => {
  it("lint-rules.md is what the rules say of themselves", () => {
    assertPage("lint-rules.md", `${head}\n${lintRules.map(section).join("\n")}`);
  });

  it("schemas/check.schema.json is the schema of lakh check --json", () => {
    const file = join(reference, "schemas", "check.schema.json");
    const schema: unknown = JSON.parse(JSON.stringify(checkDocumentSchema()));
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, JSON.stringify(schema, null, 2));
    // The formatter decides on its line breaks.
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), schema, "UPDATE_GOLDEN=1 rewrites it");
  });

  it("every rule says why with a source or a figure, and has an id of its own", () => {
    const ids = lintRules.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { id, why, fix, severities } of lintRules) {
      assert.match(id, /^[a-z]+(?:-[a-z]+)*$/u);
      assert.ok(why.length > 60 && why.endsWith("."), id);
      assert.ok(fix.length > 10 && !fix.endsWith("."), id);
      assert.ok(severities.length > 0, id);
    }
  });
});
