/**
 * `npm run check`: format, lint, types, import walls, dead code, tests; the build has run before.
 * Every step runs even when an earlier one failed, so that one call shows all there is to mend. With LAKH_TESTS_PASSED=1
 * the tests, which take a quarter of an hour, are left out: somebody has just run them on this checkout.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** A reason why the step's success proves nothing, or undefined. */
  readonly doubt?: (output: string) => string | undefined;
}

const sourceFileCount = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.tsx?$/u.test(name),
).length;

const steps: readonly Step[] = [
  { name: "format", command: ["node_modules/.bin/biome", "format", "."] },
  { name: "lint", command: ["node_modules/.bin/oxlint", "--type-aware", "--deny-warnings", "."] },
  {
    name: "types",
    command: [process.execPath, "node_modules/typescript/bin/tsc", "--build"],
  },
  {
    name: "types of the load tests",
    command: [process.execPath, "node_modules/typescript/bin/tsc", "-p", "load-tests"],
  },
  {
    name: "walls",
    command: [
      "node_modules/.bin/depcruise",
      "--config",
      ".dependency-cruiser.cjs",
      "src",
      "reference-api",
      "deploy",
    ],
    doubt: (output) => {
      const modules = Number(/(\d+) modules/u.exec(output)?.[1] ?? 0);
      return modules < sourceFileCount
        ? `only ${modules} modules were read, src has ${sourceFileCount}`
        : undefined;
    },
  },
  { name: "dead code", command: ["node_modules/.bin/knip"] },
  ...(process.env["LAKH_TESTS_PASSED"] === "1"
    ? []
    : [{ name: "tests", command: [process.execPath, "dist/scripts/test.js"] }]),
  { name: "coverage of the pure core", command: coverageCommand() },
];

/** 95 % of the lines of the folders that everything else rests on; no floor elsewhere. */
function coverageCommand(): string[] {
  const pure = ["schedule", "metrics", "judge"];
  const tests = readdirSync("dist/test", { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      name.endsWith(".test.js") &&
      pure.some((folder) => new RegExp(`[/-]?${folder}[/-]`, "u").test(name)),
  );
  const floors = ["--check-coverage", "--lines", "95", "--reporter", "text-summary"];
  const included = pure.flatMap((folder) => ["--include", `dist/src/${folder}/**`]);
  const files = tests.map((name) => `dist/test/${name}`);
  const sameCases = ["--import", "./dist/test/support/fixed-seed.js"];
  return [
    "node_modules/.bin/c8",
    floors,
    included,
    process.execPath,
    sameCases,
    "--test",
    files,
  ].flat();
}

const failures: string[] = [];
let testLine = "";
for (const step of steps) {
  console.log(`\n== ${step.name}`);
  const [program, ...args] = step.command;
  const result = spawnSync(program!, args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = `${result.stdout}${result.stderr}`;
  const doubt = result.status === 0 ? step.doubt?.(output) : undefined;
  const tail = output
    .split("\n")
    .slice(result.status === 0 ? -6 : -400)
    .join("\n");
  console.log(tail.trimEnd());
  if (result.status !== 0) failures.push(step.name);
  if (doubt !== undefined) failures.push(`${step.name} (${doubt})`);
  testLine = /^\d+ passed, \d+ failed, \d+ skipped$/mu.exec(output)?.[0] ?? testLine;
}

console.log(failures.length === 0 ? "\nall checks passed" : `\nfailed: ${failures.join(", ")}`);
if (testLine !== "") console.log(testLine);
process.exitCode = failures.length === 0 ? 0 : 1;
