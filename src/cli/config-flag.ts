/** The flags that say which `lakh.config.*` a command reads. `-c, --config` is k6's, for a JSON file of k6's options. */
import { type Command, Option } from "commander";
import type { ResolvedConfig } from "../config/index.ts";
import type { CommandContext } from "./context.ts";

/** Values as commander leaves them. */
export interface ConfigFlags {
  /** True when neither flag is given, false with --no-config-file. */
  readonly configFile: string | boolean;
}

export function addConfigFlags(command: Command): void {
  command
    .addOption(
      new Option(
        "--config-file <file>",
        "lakh's config file (default: lakh.config.ts, .js, .mjs or .json in the working directory)",
      ).default(true, ""),
    )
    .option("--no-config-file", "read none");
}

/** The config file that the flags mean; undefined when there is none. @throws LakhError LAKH_CONFIG_… */
export async function readConfig(
  { host }: CommandContext,
  { configFile }: ConfigFlags,
): Promise<ResolvedConfig | undefined> {
  if (configFile === false) return undefined;
  const { loadConfig } = await import("../config/index.ts");
  return loadConfig(host.cwd, configFile === true ? undefined : (configFile as string));
}
