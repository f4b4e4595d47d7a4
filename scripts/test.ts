/**
 * Runs every compiled test file under node's own test runner and fails when no test ran.
 * `node dist/scripts/test.js [folder or file …]` runs a part. The closing line counts the tests.
 */
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const distRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..");

function testFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.js"))
    .map((name) => join(path, name))
    .sort();
}

function countOf(output: string, word: string): number {
  return Number(new RegExp(`^ℹ ${word} (\\d+)$`, "mu").exec(output)?.[1] ?? Number.NaN);
}

interface Stage {
  readonly files: readonly string[];
  readonly concurrency: number;
}

async function runNodeTests({
  files,
  concurrency,
}: Stage): Promise<{ exitCode: number; output: string }> {
  const child = spawn(
    process.execPath,
    [
      "--import",
      join(distRoot, "test", "support", "fixed-seed.js"),
      "--test",
      "--enable-source-maps",
      "--expose-gc",
      "--test-reporter=spec",
      `--test-concurrency=${concurrency}`,
      ...files,
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
    },
  );
  let output = "";
  child.stdout.setEncoding("utf8");
  for await (const chunk of child.stdout) {
    process.stdout.write(chunk as string);
    output = (output + String(chunk)).slice(-200_000);
  }
  const exitCode = await new Promise<number>((done) => {
    if (child.exitCode !== null) done(child.exitCode);
    else child.once("exit", (code) => done(code ?? 1));
  });
  return { exitCode, output };
}

const wanted = process.argv.slice(2).map((path) => resolve(path));
const files = (wanted.length > 0 ? wanted : [join(distRoot, "test")]).flatMap(testFiles);
if (files.length === 0) throw new Error("no test files found: is the build complete?");

/** Files that want the machine for themselves, after all others: on a busy one the verdict of a healthy run is INVALID, rightly. */
const isAlone = (file: string): boolean => file.endsWith(".alone.test.js");

const stages: readonly Stage[] = [
  { files: files.filter((file) => !isAlone(file)), concurrency: 2 },
  { files: files.filter(isAlone), concurrency: 1 },
];
const total = { passed: 0, failed: 0, skipped: 0 };
let allEndedWell = true;
for (const stage of stages.filter((each) => each.files.length > 0)) {
  const { exitCode, output } = await runNodeTests(stage);
  total.passed += countOf(output, "pass");
  total.failed += countOf(output, "fail") + countOf(output, "cancelled");
  total.skipped += countOf(output, "skipped") + countOf(output, "todo");
  allEndedWell &&= exitCode === 0;
}
const { passed, failed, skipped } = total;
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = !allEndedWell || !(passed > 0) || failed > 0 ? 1 : 0;
