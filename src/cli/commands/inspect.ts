/** `lakh inspect`: the options of a script or archive as JSON, as k6 prints them. */
import type { Command } from "commander";
import { inspectScript } from "../../run/index.ts";
import type { CommandContext } from "../context.ts";
import { addReadingFlags } from "../run-flags.ts";
import { addScriptFlags, noteRuntimeFlags, skipsThresholds } from "../runtime-flags.ts";
import { configPath, plainDeps, type ScriptFlags, scriptUse } from "../script-argument.ts";

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
  command.addHelpText("after", examples).action(async (script: string, flags: InspectFlags) => {
    noteRuntimeFlags(flags, context);
    const use = await scriptUse(context, script, { flags, withSystemEnv: false });
    const text = await inspectScript(
      {
        ...use,
        configPath: configPath(context, flags),
        requirements: flags.executionRequirements === true,
        noThresholds: skipsThresholds(flags, context.host),
      },
      plainDeps(context, flags),
    );
    context.host.stdout.write(text);
  });
}
