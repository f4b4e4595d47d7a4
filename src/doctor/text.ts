/** A report for people: a line a finding, and below it what to do. */
import { formatCount } from "../base/units.ts";
import type { FindingStatus } from "./finding.ts";
import type { DoctorReport } from "./report.ts";

/** Colours the text of a status. */
export type StatusPaint = (status: FindingStatus, text: string) => string;

const statusWidth = 9;

export function renderDoctor(report: DoctorReport, paint: StatusPaint): string {
  const subjects = report.groups.flatMap(({ findings }) => findings.map(({ subject }) => subject));
  const width = Math.max(...subjects.map((subject) => subject.length)) + 2;
  const indent = " ".repeat(2 + statusWidth + width);
  const lines: string[] = [];
  for (const { about, findings } of report.groups) {
    lines.push(about);
    for (const { status, subject, found, advice } of findings) {
      const head = paint(status, status.padEnd(statusWidth));
      lines.push(`  ${head}${subject.padEnd(width)}${found}`);
      if (advice !== null) lines.push(`${indent}→ ${advice}`);
    }
    lines.push("");
  }
  lines.push(conclusion(report));
  return `${lines.join("\n")}\n`;
}

function conclusion({ status, groups, load }: DoctorReport): string {
  const all = groups.flatMap(({ findings }) => findings);
  const count = (which: FindingStatus): number =>
    all.filter((finding) => finding.status === which).length;
  const judged = `judged for ${formatCount(load.vus)} VUs and ${formatCount(Math.round(load.requestsPerSecond))} requests/s (${load.source})`;
  const warnings = `${count("warning")} warning${count("warning") === 1 ? "" : "s"}`;
  return status === "fix"
    ? `${count("fix")} to fix, ${warnings}; ${judged}`
    : `nothing to fix, ${warnings}; ${judged}`;
}
