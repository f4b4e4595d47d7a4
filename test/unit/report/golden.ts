/** Golden files of the report's tests. `UPDATE_GOLDEN=1` rewrites those of ours; those under k6/ are k6's own output. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../../test/golden/report");

export function readGolden(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

/** The text is the file's, to the character. */
export function assertGolden(name: string, text: string): void {
  if (process.env["UPDATE_GOLDEN"] === "1") {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  assert.equal(text, readGolden(name), `differs from ${name}; UPDATE_GOLDEN=1 rewrites it`);
}
