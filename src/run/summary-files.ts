/**
 * The files of a run's end: what handleSummary() returned and the summary export, put where they belong. As in k6 all are
 * tried, none is made a folder for, and those that failed are named in one error.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { reasonOf } from "../base/errors.ts";
import type { Host } from "../base/host.ts";
import type { Logger } from "../base/log.ts";

export type SummaryFiles = Readonly<Record<string, string | Uint8Array>>;

/** Writes every entry: stdout, stderr, or a file relative to the working directory. */
export function writeSummaryFiles(
  files: SummaryFiles,
  host: Pick<Host, "cwd" | "stdout" | "stderr">,
  logger: Logger,
): void {
  const failures: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    if (name === "stdout" || name === "stderr") {
      const text = typeof content === "string" ? content : Buffer.from(content).toString("utf8");
      host[name].write(text);
      continue;
    }
    try {
      writeFileSync(resolve(host.cwd, name), content);
    } catch (error) {
      failures.push(`\t- could not open '${name}': open ${name}: ${reasonOf(error)}`);
    }
  }
  if (failures.length === 0) return;
  logger.log("error", "failed to handle the end-of-test summary", {
    error: `Could not save some summary information:\n${failures.join("\n")}`,
  });
}
