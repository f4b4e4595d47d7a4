/** What CI systems read of lakh: action.yml and its script, and the GitLab job, executed as these systems would. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { lakhBinary, repoRoot, scratchFolder } from "../support/cli.ts";

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { description?: string; default?: string }>>;
  readonly outputs: Readonly<Record<string, { description?: string; value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

interface GitLabJob {
  readonly variables: Readonly<Record<string, { value: string; expand: boolean }>>;
  readonly script: readonly string[];
  readonly artifacts: { paths: readonly string[]; reports: { junit: string } };
}

const action = parse(readFileSync(join(repoRoot, "action.yml"), "utf8")) as Action;
const [header, jobs] = parseAllDocuments(
  readFileSync(join(repoRoot, "deploy", "ci", "gitlab.yml"), "utf8"),
).map((document) => document.toJS() as Record<string, unknown>);
const gitlabInputs = (header!["spec"] as { inputs: Record<string, unknown> }).inputs;
const job = Object.values(jobs!)[0] as GitLabJob;

const script = `
import { check } from "k6";
export const options = { iterations: 2, thresholds: { checks: ["rate==1"] } };
export default function () {
  check(null, { "it holds": () => __ENV.HOLDS !== "no" });
}
`;

const hostile = [
  '"; touch pwned; "',
  "$(touch pwned)",
  "`touch pwned`",
  "'; touch pwned; '",
  "a && touch pwned",
  "--tag=x=$(touch pwned)",
];

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A project with lakh installed and a script, and a machine whose PATH knows no other lakh. */
function project(t: TestContext): string {
  const cwd = scratchFolder(t, { "load.js": script });
  mkdirSync(join(cwd, "node_modules", ".bin"), { recursive: true });
  symlinkSync(lakhBinary, join(cwd, "node_modules", ".bin", "lakh"));
  return cwd;
}

function execute(
  cwd: string,
  { shell, text, env }: { shell: string; text: string; env: Readonly<Record<string, string>> },
): Ended {
  const outputFile = join(cwd, "github-output");
  writeFileSync(outputFile, "");
  const { status, stdout, stderr } = spawnSync(shell, ["-e", "-c", text], {
    cwd,
    encoding: "utf8",
    env: {
      ...process.env,
      NO_COLOR: "1",
      CI: "true",
      GITHUB_ACTION_PATH: repoRoot,
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: join(cwd, "summary.md"),
      ...env,
    },
  });
  const lines = readFileSync(outputFile, "utf8").split("\n").filter(Boolean);
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/su, 2)));
  return { code: status, output: stdout + stderr, outputs, cwd };
}

function runAction(cwd: string, inputs: Readonly<Record<string, string>>): Ended {
  const step = action.runs.steps.find(({ id }) => id === "lakh")!;
  const env = Object.fromEntries(
    Object.entries(step.env!).map(([name, text]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/u.exec(text)![1]!;
      return [name, inputs[input] ?? action.inputs[input]!.default ?? ""];
    }),
  );
  return execute(cwd, { shell: step.shell!, text: step.run!, env });
}

function runGitLab(cwd: string, inputs: Readonly<Record<string, string>>): Ended {
  const env = Object.fromEntries(
    Object.entries(job.variables).map(([name, { value }]) => {
      const input = /^\$\[\[ inputs\.([\w-]+) \]\]$/u.exec(value)![1]!;
      const known = gitlabInputs[input] as { default?: string };
      return [name, inputs[input] ?? known.default ?? ""];
    }),
  );
  return execute(cwd, { shell: "sh", text: job.script.join("\n"), env });
}

test("no input of the action is a part of a command's text", () => {
  for (const { run = "", shell, uses } of action.runs.steps) {
    assert.doesNotMatch(run, /\$\{\{/u);
    assert.equal(run === "" || shell === "bash", true);
    if (uses !== undefined)
      assert.match(uses, /^actions\/[\w-]+@v\d+$/u, "GitHub's own, by its major");
  }
  assert.equal(action.runs.using, "composite");
});

test("every input of the action is described and used, and every output is set by its script", () => {
  const text = JSON.stringify(action.runs);
  for (const [name, { description, default: value }] of Object.entries(action.inputs)) {
    assert.ok(description, name);
    assert.equal(typeof value, "string", name);
    assert.ok(text.includes(`inputs.${name}`), name);
  }
  const shell = readFileSync(join(repoRoot, "deploy", "ci", "github.sh"), "utf8");
  for (const [name, { value }] of Object.entries(action.outputs)) {
    assert.equal(value, `\${{ steps.lakh.outputs.${name} }}`);
    assert.ok(shell.includes(`'${name}=%s\\n'`), name);
  }
});

test("the GitLab job gets its inputs as variables that are not expanded, and every input is used", () => {
  assert.doesNotMatch(job.script.join("\n"), /\$\[\[/u);
  for (const { expand } of Object.values(job.variables)) assert.equal(expand, false);
  for (const name of Object.keys(gitlabInputs))
    assert.ok(JSON.stringify(jobs).includes(`inputs.${name} ]]`), name);
  assert.equal(job.artifacts.reports.junit, "lakh-junit.xml");
});

test("the action runs lakh, writes reports and outputs, and keeps the exit code", (t) => {
  const cwd = project(t);
  const ended = runAction(cwd, { script: "load.js", args: "  --tag=a=b c\n\n--env\nHOLDS=yes" });
  assert.equal(ended.code, 0, ended.output);
  const { "run-id": id, record, verdict } = ended.outputs;
  assert.match(id!, /-run$/u);
  assert.equal(record, `lakh-runs/${id}`);
  assert.equal(verdict, "", "nothing was to be judged");
  assert.ok(existsSync(join(cwd, record!, "record.json")));
  const document = JSON.parse(
    readFileSync(join(cwd, "lakh-runs", "lakh-verdict.json"), "utf8"),
  ) as {
    id: string;
    exitCode: number;
  };
  assert.deepEqual([document.id, document.exitCode], [id, 0]);
  assert.match(readFileSync(join(cwd, "lakh-runs", "lakh-junit.xml"), "utf8"), /<testsuites>/u);
  assert.match(readFileSync(join(cwd, "summary.md"), "utf8"), /it holds/u);

  const failed = runAction(cwd, { script: "load.js", args: "--env=HOLDS=no" });
  assert.equal(failed.code, 99);
  assert.notEqual(failed.outputs["run-id"], id);
});

test("a run that could not begin has no outputs, though there are older records", (t) => {
  const cwd = project(t);
  assert.equal(runAction(cwd, { script: "load.js" }).code, 0);
  const ended = runAction(cwd, { script: "missing.js" });
  assert.notEqual(ended.code, 0);
  assert.deepEqual(ended.outputs, {});
});

test("nothing that is given to the action or to the GitLab job is run by a shell", (t) => {
  const cwd = project(t);
  for (const run of [runAction, runGitLab]) {
    run(cwd, { script: "load.js", args: hostile.join("\n") });
    run(cwd, { script: hostile.join("") });
    run(cwd, { script: "load.js", "runs-dir": hostile[1]! });
    run(cwd, { script: "load.js", "runs-dir": hostile[0]! });
  }
  for (const text of hostile) {
    assert.equal(runAction(cwd, { script: "load.js", command: text }).code, 104);
    assert.equal(runAction(cwd, { script: "load.js", version: text }).code, 104);
  }
  assert.equal(existsSync(join(cwd, "pwned")), false);
  const forged = runAction(cwd, { script: "load.js", "runs-dir": "x\nverdict=PASS" });
  assert.deepEqual([forged.code, forged.outputs], [104, {}]);
});

test("the GitLab job runs lakh, writes its reports and keeps the exit code", (t) => {
  const cwd = project(t);
  const ended = runGitLab(cwd, { script: "load.js", args: "--env=HOLDS=no\n  --tag=a=b c" });
  assert.equal(ended.code, 99, ended.output);
  assert.match(readFileSync(join(cwd, "lakh-junit.xml"), "utf8"), /<failure /u);
  const document = JSON.parse(readFileSync(join(cwd, "lakh-verdict.json"), "utf8")) as {
    kind: string;
  };
  assert.equal(document.kind, "run");
  assert.equal(runGitLab(cwd, { script: "load.js" }).code, 0);
});
