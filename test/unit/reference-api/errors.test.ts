import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { targetErrorCodes } from "../../../reference-api/errors.ts";

it("the reference API throws the codes of its table and no others", () => {
  const folder = fileURLToPath(new URL("../../../reference-api", import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const thrown = files
    .filter((file) => file.endsWith(".js") && file !== "errors.js")
    .flatMap((file) => readFileSync(join(folder, file), "utf8").match(/"TARGET_[A-Z_]+"/gu) ?? [])
    .map((quoted) => quoted.slice(1, -1));
  assert.deepEqual([...new Set(thrown)].sort(), Object.keys(targetErrorCodes).sort());
});
