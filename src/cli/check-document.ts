/**
 * The JSON of `lakh check --json`, with its schema: docs/reference/schemas/check.schema.json is made from it, and a test
 * keeps the two the same.
 */
import { z } from "zod";
import { type Evidence, type Finding, type GoalFigure, lintRules } from "../lint/index.ts";
import type { CheckResult } from "../run/index.ts";

const severity = z.enum(["problem", "warning", "info"]);

const evidence = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("source"),
      file: z.string().describe("URL of the file; file:///- for standard input"),
      line: z.int().positive(),
      column: z.int().positive(),
      text: z.string().describe("the line; texts that look like secrets are left out"),
      note: z.string().describe("what is to be seen there; may be empty"),
    })
    .describe("a line of the script"),
  z
    .strictObject({
      kind: z.literal("figure"),
      from: z.enum(["options", "dry-run", "machine"]),
      text: z.string(),
    })
    .describe("figures of the options, the dry run or this machine"),
]);

const finding = z.strictObject({
  rule: z.string().describe("id of the rule; see lint-rules.md"),
  severity,
  title: z.string(),
  message: z.string(),
  why: z.string(),
  evidence: z.array(evidence),
  fix: z.string(),
});

const goalFigure = z.strictObject({
  value: z.number(),
  source: z.string(),
  isFloor: z.boolean().describe("more is no fault: it is what a threshold asks at least"),
});

const checkDocument = z
  .strictObject({
    version: z.literal(1),
    script: z.string().describe("URL of the script"),
    ok: z.boolean().describe("whether the exit code is 0"),
    counts: z.strictObject({
      problem: z.int().nonnegative(),
      warning: z.int().nonnegative(),
      info: z.int().nonnegative(),
    }),
    goal: z
      .strictObject({
        requestsPerSecond: goalFigure.nullable(),
        users: goalFigure.nullable(),
        dau: z.number().nullable(),
      })
      .describe("the load that is wanted, as far as anything says so"),
    dryRun: z.discriminatedUnion("made", [
      z.strictObject({
        made: z.literal(true),
        vus: z.int(),
        iterations: z.int(),
        failedIterations: z.int(),
        interruptedIterations: z.int(),
        requests: z.number(),
        setupRequests: z.number(),
        unanswered: z.number(),
        checks: z.number(),
        connectionsOpened: z.number(),
        bytesReceived: z.number(),
        series: z.int(),
        functions: z.array(
          z.strictObject({
            exec: z.string(),
            iterations: z.number(),
            requestsPerIteration: z.number(),
            durationMs: z.number(),
            requestMs: z.number().describe("of it, the time in requests"),
          }),
        ),
        hosts: z.array(z.strictObject({ host: z.string(), requests: z.number() })),
      }),
      z.strictObject({ made: z.literal(false), reason: z.string() }),
    ]),
    findings: z.array(finding),
    ignored: z
      .array(z.strictObject({ finding, reason: z.string() }))
      .describe("findings that comments of the script set aside"),
    notJudged: z.array(z.strictObject({ rule: z.string(), reason: z.string() })),
  })
  .meta({ title: "lakh check --json" });

type CheckDocument = z.infer<typeof checkDocument>;

/** Of the published schema. */
export function checkDocumentSchema(): object {
  return z.toJSONSchema(checkDocument);
}

/** @throws ZodError when the value is no such document */
export function assertCheckDocument(value: unknown): void {
  checkDocument.parse(value);
}

/** The result as the published schema has it; `ok` is whether the exit code is 0. */
export function toCheckDocument(result: CheckResult, ok: boolean): object {
  const { entry, findings, ignored, notJudged, goal } = result;
  const count = (wanted: Finding["severity"]): number =>
    findings.filter((each) => each.severity === wanted).length;
  const document: CheckDocument = {
    version: 1,
    script: entry,
    ok,
    counts: { problem: count("problem"), warning: count("warning"), info: count("info") },
    goal: {
      requestsPerSecond: toGoalFigure(goal.requestsPerSecond),
      users: toGoalFigure(goal.users),
      dau: goal.dau ?? null,
    },
    dryRun: toDryRun(result.trial),
    findings: findings.map(toFinding),
    ignored: ignored.map(({ finding: each, reason }) => ({ finding: toFinding(each), reason })),
    notJudged: notJudged.map(({ rule, reason }) => ({ rule, reason })),
  };
  return document;
}

function toGoalFigure(figure: GoalFigure | undefined): z.infer<typeof goalFigure> | null {
  if (figure === undefined) return null;
  const { value, source, isFloor = false } = figure;
  return { value, source, isFloor };
}

function toFinding(each: Finding): z.infer<typeof finding> {
  const { rule, severity: level, message, fix } = each;
  const { title = "", why = "" } = lintRules.find(({ id }) => id === rule) ?? {};
  const list: Evidence[] = [...each.evidence];
  return { rule, severity: level, title, message, why, evidence: list, fix };
}

function toDryRun(trial: CheckResult["trial"]): CheckDocument["dryRun"] {
  if ("missing" in trial) return { made: false, reason: trial.missing };
  const { series, functions, hosts } = trial;
  return {
    made: true,
    vus: trial.vus,
    iterations: trial.iterations,
    failedIterations: trial.failedIterations,
    interruptedIterations: trial.interruptedIterations,
    requests: trial.requests,
    setupRequests: trial.setupRequests,
    unanswered: trial.unanswered,
    checks: trial.checks,
    connectionsOpened: trial.connectionsOpened,
    bytesReceived: trial.bytesReceived,
    series: series.length,
    functions: functions.map(({ exec, iterations, requests, durationMs, requestMs }) => ({
      exec,
      iterations,
      requestsPerIteration: iterations === 0 ? 0 : requests / iterations,
      durationMs,
      requestMs,
    })),
    hosts: hosts.map(({ host, requests }) => ({ host, requests })),
  };
}
