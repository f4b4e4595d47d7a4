/** `lakh archive`: a script and all its files in one tar, for lakh and for k6. */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { exitCodes, LakhError } from "../../base/errors.ts";
import { archiveScript } from "../../run/index.ts";
import type { CommandContext } from "../context.ts";
import type { CliErrorCode } from "../errors.ts";
import { absolute } from "../perform-run.ts";
import { addK6Flags, addReadingFlags, type RunFlags, toOptionsLayer } from "../run-flags.ts";
import { addScriptFlags, noteRuntimeFlags, type RuntimeFlags } from "../runtime-flags.ts";
import { withLog } from "../open-log.ts";
import { configPath, type ScriptFlags, scriptUse } from "../script-argument.ts";

type ArchiveFlags = ScriptFlags &
  RunFlags &
  RuntimeFlags & { readonly archiveOut: string; readonly excludeEnvVars?: boolean };

const examples = `
Examples:
  lakh archive -u 10 -d 10s -O my-test.tar script.js
  lakh run my-test.tar            k6 run my-test.tar works too`;

export function addArchiveCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("archive")
    .description("put a script and everything it needs into one tar")
    .argument("<script>", 'path of the script, or "-" for standard input')
    .option(
      "-O, --archive-out <file>",
      'where the archive goes; "-" is standard output',
      "archive.tar",
    )
    .option("--exclude-env-vars", "keep -e and the environment out of the archive");
  addK6Flags(command);
  addReadingFlags(command);
  addScriptFlags(command);
  command.option("--offline", "never fetch https: imports; use the cache only");
  command.addHelpText("after", examples).action((script: string, flags: ArchiveFlags) =>
    withLog(context, { flags, script }, async (deps) => {
      noteRuntimeFlags(flags, deps.host, deps.logger);
      const use = await scriptUse(context, script, { flags, withSystemEnv: false });
      const request = {
        ...use,
        configPath: configPath(context, flags),
        cliOptions: toOptionsLayer(flags),
        excludeEnv: flags.excludeEnvVars === true,
      };
      write(context, flags.archiveOut, await archiveScript(request, deps));
    }),
  );
}

function write(context: CommandContext, name: string, bytes: Uint8Array): void {
  if (name === "-") {
    context.host.stdout.write(bytes);
    return;
  }
  const path = absolute(context, name);
  try {
    writeFileSync(path, bytes);
  } catch (cause) {
    throw new LakhError(
      "ARCHIVE_NOT_WRITTEN" satisfies CliErrorCode,
      `the archive cannot be written to ${path}: ${(cause as Error).message}`,
      { hint: "name a file in a folder that exists with -O", exitCode: exitCodes.generic, cause },
    );
  }
}
