/**
 * The report that a run, a campaign or a search leaves in its folder without being asked: people look before they read.
 * It is extra: where it cannot be made or written that is a warning, and changes neither verdict nor exit code.
 */
import { join } from "node:path";
import type { Command } from "commander";
import { reasonOf } from "../base/errors.ts";
import type { Host } from "../base/host.ts";
import type { Logger } from "../base/log.ts";
import type { CommandContext } from "./context.ts";

/** Name of the report's file in the folder of what it is about. */
export const reportFileName = "report.html";

export interface ReportFlag {
  /** False when --no-report was given. */
  readonly report: boolean;
}

export function addReportFlag(command: Command): void {
  command.option("--no-report", `write no ${reportFileName}; also LAKH_NO_REPORT`);
}

/** The flag, or LAKH_NO_REPORT with any text. */
export function wantsReport({ report }: ReportFlag, env: Host["env"]): boolean {
  return report && !env["LAKH_NO_REPORT"];
}

/** Where a report is in the folder of what it is about. */
export function reportIn(folder: string): string {
  return join(folder, reportFileName);
}

export interface HtmlReport {
  /** The files that get it. */
  readonly paths: readonly string[];
  readonly render: () => Promise<string>;
  readonly logger: Logger;
  /** Does not say where it is. */
  readonly quiet: boolean;
}

export async function leaveReport(
  { host }: CommandContext,
  { paths, render, logger, quiet }: HtmlReport,
): Promise<void> {
  if (paths.length === 0) return;
  let page: string;
  try {
    page = await render();
  } catch (error) {
    logger.log("warning", `no ${reportFileName} was made: ${reasonOf(error)}`);
    return;
  }
  const { writeFile } = await import("node:fs/promises");
  for (const path of paths) {
    try {
      await writeFile(path, page);
      if (!quiet) host.stderr.write(`report: ${path}\n`);
    } catch (error) {
      logger.log("warning", `${path} was not written: ${reasonOf(error)}`);
    }
  }
}
