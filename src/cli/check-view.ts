/** A check's result as the report shows it: paths as the user knows them, and what was looked at in a few lines. */
import { basename, isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { formatCount } from "../base/units.ts";
import { type Evidence, type Finding, lintRules } from "../lint/index.ts";
import type { CheckView, EvidenceView, FindingView } from "../report/index.ts";
import type { CheckResult } from "../run/index.ts";

export function toCheckView(
  result: CheckResult,
  { cwd, ok, isStrict }: { cwd: string; ok: boolean; isStrict: boolean },
): CheckView {
  const { findings, ignored } = result;
  const place = placesFor(result.entry, cwd);
  return {
    facts: factsOf(result, cwd),
    findings: findings.map((finding) => toFindingView(finding, place)),
    ignored: ignored.map(({ finding, reason }) => {
      const found = finding.evidence.find(({ kind }) => kind === "source");
      const where = found === undefined ? "" : ` (${place(found)})`;
      return {
        rule: finding.rule,
        text: `${reason === "" ? "no reason given" : reason}${where}`,
      };
    }),
    notJudged: byReason(result),
    conclusion: conclusionOf(result, { ok, isStrict }),
    isClean: ok,
  };
}

function factsOf({ entry, trial, goal }: CheckResult, cwd: string): CheckView["facts"] {
  const wanted = goal.requestsPerSecond;
  const rate =
    wanted === undefined
      ? "not stated"
      : `${wanted.isFloor ? "at least " : ""}${formatCount(wanted.value)} requests/s (${wanted.source})`;
  const dryRun =
    "missing" in trial
      ? `none: ${trial.missing}`
      : `${trial.iterations} iterations by ${trial.vus} VUs, ${trial.requests} requests` +
        (trial.hosts.length === 0 ? "" : ` to ${trial.hosts.map(({ host }) => host).join(", ")}`);
  return [
    { label: "script", text: shownPath(entry, cwd) },
    { label: "goal", text: rate },
    { label: "dry run", text: dryRun },
  ];
}

function toFindingView(finding: Finding, place: (evidence: Evidence) => string): FindingView {
  const { rule, severity, message, fix, evidence } = finding;
  const why = lintRules.find(({ id }) => id === rule)?.why ?? "";
  const views = evidence.map((each): EvidenceView => {
    const note = each.kind === "source" ? each.note : "";
    return { where: place(each), text: excerptOf(each), note };
  });
  return { rule, severity, message, why, fix, evidence: views };
}

/** A longer line is shown from where it matters. */
const longLine = 60;

function excerptOf(evidence: Evidence): string {
  const { text } = evidence;
  const line = text.trim();
  if (evidence.kind === "figure" || line.length <= longLine) return line;
  const from = evidence.column - 1;
  const before = text.slice(0, from).trim();
  return before === "" ? line : `…${text.slice(from)}`;
}

/** How places are called: the script, whose path stands on top, by its name alone. */
function placesFor(entry: string, cwd: string): (evidence: Evidence) => string {
  return (evidence) => {
    if (evidence.kind === "figure") return evidence.from.replace("-", " ");
    const path = shownPath(evidence.file, cwd);
    const name = evidence.file === entry ? basename(path) : path;
    return `${name}:${evidence.line}:${evidence.column}`;
  };
}

/** Relative to the working directory when the file is in it. */
export function shownPath(url: string, cwd: string): string {
  if (url === "file:///-") return "-";
  if (!url.startsWith("file:")) return url;
  const path = fileURLToPath(url);
  const short = relative(cwd, path);
  return short.startsWith("..") || isAbsolute(short) ? path : short;
}

function byReason({ notJudged }: CheckResult): CheckView["notJudged"] {
  const reasons = [...new Set(notJudged.map(({ reason }) => reason))];
  return reasons.map((reason) => ({
    reason,
    rules: notJudged.filter((each) => each.reason === reason).map(({ rule }) => rule),
  }));
}

function conclusionOf(
  { findings, notJudged }: CheckResult,
  { ok, isStrict }: { ok: boolean; isStrict: boolean },
): string {
  const count = (severity: Finding["severity"], noun: string): string => {
    const { length } = findings.filter((each) => each.severity === severity);
    return `${length} ${noun}${length === 1 || noun === "info" ? "" : "s"}`;
  };
  const counts = [count("problem", "problem"), count("warning", "warning"), count("info", "info")];
  const open = notJudged.length === 0 ? "" : `, ${notJudged.length} rules not judged`;
  const rule = isStrict ? "a problem or a warning" : "a problem";
  const end = ok ? "" : `; exit code 1, because there is ${rule}`;
  return `${counts.join(", ")}${open}${end}`;
}
