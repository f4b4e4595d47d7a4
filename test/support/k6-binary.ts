/** The real k6 for tests that compare with it: `LAKH_K6`, or the one on the PATH. */
import { spawnSync } from "node:child_process";
import type { TestContext } from "node:test";

const path: string = process.env["LAKH_K6"] ?? "k6";
const version: string = spawnSync(path, ["version"], { encoding: "utf8" }).stdout ?? "";

/** The path of k6, or undefined after skipping the test by name; where everything must run, its absence is a failure. */
export function requireK6(t: TestContext): string | undefined {
  if (version.startsWith("k6 v2.")) return path;
  if (process.env["LAKH_NO_SKIPS"] === "1" && process.env["LAKH_K6"] !== undefined)
    throw new Error(`LAKH_K6 is ${path}, which is no k6 2`);
  t.skip("there is no k6 2 on the PATH or in LAKH_K6");
  return undefined;
}
