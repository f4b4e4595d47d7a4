/** `lakh version`: the version of lakh, of the k6 it is compatible with, and of Node. */
import type { Command } from "commander";
import { k6CompatibilityVersion, lakhVersion, nodeVersion } from "../../run/index.ts";
import type { CommandContext } from "../context.ts";

export function addVersionCommand(program: Command, context: CommandContext): void {
  program
    .command("version")
    .description("print the versions of lakh, of the k6 it follows, and of Node")
    .option("--json", "as JSON")
    .action((flags: { json?: boolean }) => {
      const versions = { lakh: lakhVersion(), k6: k6CompatibilityVersion, node: nodeVersion() };
      const text = flags.json
        ? JSON.stringify(versions)
        : `lakh ${versions.lakh} (k6 scripts as of k6 ${versions.k6}, Node ${versions.node})`;
      context.host.stdout.write(`${text}\n`);
    });
}
