/** JSON schemas in docs/reference/schemas, compared with what the code has; UPDATE_GOLDEN=1 writes them. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repoRoot } from "./cli.ts";

export function assertPublished(name: string, schema: unknown): void {
  const path = join(repoRoot, "docs", "reference", "schemas", name);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  // By value: the formatter may lay the file out in its own way.
  assert.deepEqual(
    JSON.parse(readFileSync(path, "utf8")),
    JSON.parse(text),
    "run the test again with UPDATE_GOLDEN=1",
  );
}
