/** The summary of a job on GitHub Actions: what is appended to the file that GITHUB_STEP_SUMMARY names is shown there. */
import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import { reasonOf } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { renderMarkdown } from "../report/index.ts";
import type { CommandContext } from "./context.ts";

/** Appends an outcome as {@link appendMarkdown} does. */
export async function appendStepSummary(
  context: CommandContext,
  logger: Logger,
  outcome: () => Parameters<typeof renderMarkdown>,
): Promise<void> {
  await appendMarkdown(context, logger, () => renderMarkdown(...outcome()));
}

/** Appends when the variable is set. A file that cannot be written is a warning: the test is over, and its verdict stands. */
export async function appendMarkdown(
  { host }: CommandContext,
  logger: Logger,
  markdown: () => string,
): Promise<void> {
  const path = host.env["GITHUB_STEP_SUMMARY"];
  if (path === undefined || path === "") return;
  try {
    await appendFile(resolve(host.cwd, path), `${markdown()}\n`);
  } catch (error) {
    logger.log("warning", `GITHUB_STEP_SUMMARY was not written: ${reasonOf(error)}`);
  }
}
