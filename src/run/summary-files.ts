/** What handleSummary returned, put where it belongs: stdout, stderr, or a file relative to the working directory. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Host } from "../base/host.ts";
import type { Logger } from "../base/log.ts";

/** Writes every entry; one that cannot be written is logged and does not keep the others from being written (k6). */
export function writeSummaryFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  host: Pick<Host, "cwd" | "stdout" | "stderr">,
  logger: Logger,
): void {
  for (const [name, content] of Object.entries(files)) {
    if (name === "stdout" || name === "stderr") {
      host[name].write(
        typeof content === "string" ? content : Buffer.from(content).toString("utf8"),
      );
      continue;
    }
    const path = resolve(host.cwd, name);
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    } catch (error) {
      logger.log(
        "error",
        `failed to handle the end-of-test summary: could not write ${path}: ${(error as Error).message}`,
      );
    }
  }
}
