/** `lakh inspect`: the options of a script or archive as JSON, as k6 prints them. */
import type { Command } from "commander";
import { inspectScript } from "../../run/index.ts";
import type { CommandContext } from "../context.ts";
import { addReadingFlags } from "../run-flags.ts";
import { addScriptFlags, noteRuntimeFlags } from "../runtime-flags.ts";
import { withLog } from "../open-log.ts";
import { configPath, type ScriptFlags, scriptUse } from "../script-argument.ts";

interface InspectFlags extends ScriptFlags {
  readonly executionRequirements?: boolean;
}

const examples = `
Without --execution-requirements it prints what the script itself sets; with it all layers are laid over each other
(config file, script, K6_ variables), and totalDuration and maxVUs of the run are added.`;

export function addInspectCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("inspect")
    .description("print the options of a script or archive as JSON")
    .argument("<script>", 'path of a script or archive, or "-" for standard input')
    .option(
      "--execution-requirements",
      "with all layers, the derived scenarios and what a run needs",
    )
    .option("--offline", "never fetch https: imports; use the cache only");
  addReadingFlags(command);
  addScriptFlags(command);
  command.addHelpText("after", examples).action((script: string, flags: InspectFlags) =>
    withLog(context, { flags, script }, async (deps) => {
      noteRuntimeFlags(flags, deps.host, deps.logger);
      const use = await scriptUse(context, script, { flags, withSystemEnv: false });
      const request = {
        ...use,
        configPath: configPath(context, flags),
        requirements: flags.executionRequirements === true,
      };
      deps.host.stdout.write(await inspectScript(request, deps));
    }),
  );
}
