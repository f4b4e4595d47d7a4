/**
 * docs/reference/k6-compatibility.md, made from the suite: what its scripts cover, where lakh differs and why, what it has beyond
 * k6. `npm run conformance:page` writes it; a test compares it with what this makes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Expectations, readExpectations } from "./compare.ts";
import { coverageOf } from "./coverage.ts";
import { repoRoot, scriptNames } from "./suite.ts";
import { k6Version } from "./tools.ts";

const pagePath = join(repoRoot, "docs", "reference", "k6-compatibility.md");

/** What k6 does not have; kept by hand. */
const beyond: readonly (readonly [what: string, meaning: string])[] = [
  [
    "npm packages",
    "`import` of a package from `node_modules`, and of files without their extension",
  ],
  [
    "V8",
    "async generators, `for await` and `Symbol.asyncIterator`, regular expressions with the flags `d` and `v`, `isWellFormed` and `toWellFormed` of strings, resizable `ArrayBuffer`, `Error.captureStackTrace`, `toLocaleString` of numbers and dates by locale and time zone; with a newer Node also what its built-in classes bring: `Object.groupBy`, `Map.groupBy`, `Promise.withResolvers`, `Array.fromAsync`, methods of sets and iterators. New global names (`Intl`, `WebAssembly`, `structuredClone`, …) are not there, as in k6",
  ],
  [
    "verdicts",
    "`--dau` turns daily users into load and ends with PASS, FAIL, INCONCLUSIVE or INVALID",
  ],
  ["the record", "every run leaves a file from which report and verdict can be computed again"],
  ["its own health", "the generator watches itself, and says when it was the bottleneck"],
  [
    "hosts to confirm",
    "a host other than this machine gets at most 50 requests/s until [`--confirm-host`](cli.md#which-hosts-may-be-loaded) names it; k6 scripts that send more to one need the flag",
  ],
  ["bounded memory", "trends are histograms: a run of any length stays flat"],
  ["the real k6", "`--runner k6` sends the load with k6 itself, for what lakh refuses"],
];

/** Code that cannot be made to wait; kept by hand, each is tried in test/unit/script/lowering-refusals.test.ts. */
const unwaiting: readonly string[] = [
  "`toString`, `valueOf` and `Symbol.toPrimitive`, when the language calls them to convert an object",
  "initialisers of static fields and of fields with computed names (and objects of a class that has such a field behind one that waits), static blocks, default values of a generator's parameters",
  "a getter that a destructuring pattern reads; a setter that a pattern or `Object.assign` writes",
  "a constructor behind `super()` that waits before its own `super()`, and `super()` called again after it has failed",
  "a method of an array behind an optional call (`list.map?.(…)`), and of an object without a prototype",
  "code that is compiled at run time (`Function`, `eval`)",
];

const head = `# Compatibility with k6

This page is made by \`npm run conformance:page\` from the conformance suite, \`test/conformance/\`: scripts that were run under the real k6
${k6Version} and must do the same under lakh. Compared are exit codes, what the script prints, warnings and errors of the log, checks, the samples of
every metric by tag set, thresholds, and the files written; what is compared, and what is not, is told in
[the suite's README](../../test/conformance/README.md).
`;

/** The whole page. */
export function renderPage(): string {
  const scripts = scriptNames();
  const expectations = readExpectations();
  return [
    head,
    ...groups(scripts, expectations),
    ...modules(scripts),
    ...differences(expectations),
    ...refusals(),
    ...beyondK6(),
  ].join("\n");
}

export function readPage(): string {
  return readFileSync(pagePath, "utf8");
}

export function writePage(): void {
  writeFileSync(pagePath, renderPage());
}

function groups(scripts: readonly string[], expectations: Expectations): string[] {
  const names = [...new Set(scripts.map((script) => script.split("/")[0]!))];
  const rows = names.map((name) => {
    const inGroup = scripts.filter((script) => script.startsWith(`${name}/`));
    const differing = inGroup.filter((script) => script in expectations);
    return [name, String(inGroup.length), String(inGroup.length - differing.length)];
  });
  const same = scripts.filter((script) => !(script in expectations)).length;
  return [
    `## The suite\n\n${scripts.length} scripts, of which ${same} do exactly the same. The others are listed [below](#what-differs).\n`,
    ...table(["group", "scripts", "the same"], rows),
  ];
}

function modules(scripts: readonly string[]): string[] {
  const lines = [
    "\n## What is covered\n\nEach export of each module of k6, with the number of scripts that use it.\n",
  ];
  const rows = [...coverageOf(scripts)].map(([module, exports]) => {
    const names = [...exports].map(([name, count]) => `\`${name}\` ${count}`);
    return [`\`${module}\``, names.join(", ")];
  });
  lines.push(...table(["module", "exports"], rows));
  return lines;
}

/** Differences with the same reason stand together. */
function differences(expectations: Expectations): string[] {
  const byReason = new Map<string, string[]>();
  for (const [script, { reason, lakh }] of Object.entries(expectations)) {
    const entry = `\`${script}\` (${Object.keys(lakh).join(", ")})`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), entry]);
  }
  const rows = [...byReason]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, entries]) => [reason, entries.join(", ")]);
  return [
    "\n## What differs\n\nWith the reason, the scripts in which it shows, and in which part of their outcome.\n",
    ...table(["difference", "scripts"], rows),
  ];
}

function refusals(): string[] {
  return [
    "\n## Where a blocking call is refused\n",
    "A call that blocks waits wherever a script can call it, except where the language itself calls and cannot be made to wait. There it is an",
    "error and never a wrong value: before the run, with the place, where it is plain to see (exit code 107), else an exception of the iteration.",
    "`--runner k6` runs such a script.\n",
    ...unwaiting.map((what) => `- ${what}`),
  ];
}

function beyondK6(): string[] {
  const rows = beyond.map(([what, meaning]) => [what, meaning]);
  return ["\n## What lakh has beyond k6\n", ...table(["what", "meaning"], rows), ""];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)];
}
