/** The assertion of all replays: a script does under lakh what the real k6 did with it, but for its known difference. */
import assert from "node:assert/strict";
import { describe, type Expectations, surprises, withoutExport } from "./compare.ts";
import { runScript } from "./run-script.ts";
import { readRecorded } from "./suite.ts";
import type { Target } from "./target/index.ts";
import type { Tool } from "./tools.ts";

export async function assertAsRecorded(
  name: string,
  parts: { readonly lakh: Tool; readonly target: Target; readonly expectations: Expectations },
): Promise<void> {
  const { lakh, target, expectations } = parts;
  const outcome = await runScript(name, lakh, target);
  const recorded = readRecorded(name)!;
  const k6 = lakh.writesExport ? recorded : withoutExport(recorded);
  const found = surprises(k6, outcome, expectations[name]);
  assert.ok(found.length === 0, found.map(describe).join("\n"));
}
