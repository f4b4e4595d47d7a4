/** Lints a script text: parsed for real, with the plan of the options that are given, and facts as a test states them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Finding,
  type LintInput,
  type LintOutcome,
  lintScript,
  type TrialFacts,
} from "../../../src/lint/index.ts";
import { deriveRunPlan, mergeOptions, parseOptions } from "../../../src/plan/index.ts";
import { parseScript } from "../../../src/script/index.ts";

export interface Given {
  /** The exported options; they become part of the script. */
  readonly options?: object;
  /** The script without its options. */
  readonly code: string;
  /** Further files beside it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly goal?: LintInput["goal"];
  readonly trial?: LintInput["trial"];
  readonly machine?: LintInput["machine"];
}

/** What most scripts begin with. */
export const imports = `import http from "k6/http";
import { check, group, sleep } from "k6";
import { Counter, Rate, Trend } from "k6/metrics";
import { SharedArray } from "k6/data";
import exec from "k6/execution";
`;

export async function lint(given: Given): Promise<LintOutcome> {
  const { options = {}, code, files = {}, goal = {} } = given;
  const folder = mkdtempSync(join(tmpdir(), "lakh-lint-"));
  try {
    const path = join(folder, "script.js");
    writeFileSync(path, `${code}\nexport const options = ${JSON.stringify(options, null, 2)};\n`);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const log = { log: () => undefined };
    const script = await parseScript({
      path,
      cwd: folder,
      cacheDir: folder,
      offline: true,
      lower: "auto",
      log,
    });
    const plan = deriveRunPlan(mergeOptions(parseOptions(options, "script")));
    const { trial = { missing: "not made" } } = given;
    const machine = given.machine ?? { openFiles: undefined, ephemeralPorts: undefined };
    return lintScript({ script, plan, goal, trial, machine });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The findings of one rule. */
export async function findingsOf(rule: string, given: Given): Promise<readonly Finding[]> {
  const { findings } = await lint(given);
  return findings.filter((each) => each.rule === rule);
}

/** Lines of the script that a finding points at. */
export function linesOf({ evidence }: Finding): string[] {
  return evidence.flatMap((each) => (each.kind === "source" ? [each.text.trim()] : []));
}

/** A dry run without anything to say. */
export function trialFacts(changes: Partial<TrialFacts> = {}): TrialFacts {
  return {
    vus: 3,
    iterations: 9,
    failedIterations: 0,
    interruptedIterations: 0,
    exceptions: [],
    teardownError: undefined,
    requests: 36,
    setupRequests: 0,
    unanswered: 0,
    checks: 0,
    connectionsOpened: 3,
    bytesReceived: 3_600,
    authorizations: undefined,
    functions: [
      { exec: "default", iterations: 9, requests: 36, durationMs: 2_000, requestMs: 200 },
    ],
    series: [],
    hosts: [],
    ...changes,
  };
}
