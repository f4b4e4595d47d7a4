/** What commands that read a script have in common: the argument, `__ENV`, and the config file. */
import type { ScriptUse } from "../run/index.ts";
import type { CommandContext } from "./context.ts";
import { absolute, cacheFolder } from "./perform-run.ts";
import { toScriptEnv } from "./run-flags.ts";
import {
  includesSystemEnv,
  isExtended,
  type RuntimeFlags,
  scriptType,
  toSecretSources,
} from "./runtime-flags.ts";

/** Flags of every command that reads a script. */
export interface ScriptFlags extends RuntimeFlags {
  readonly env?: string[];
  readonly config?: string;
  readonly verbose?: boolean;
  readonly color: boolean;
  readonly logFormat?: string;
  readonly logOutput?: string;
  readonly offline?: boolean;
  readonly lower?: "auto" | "all";
}

/** The script as the loader wants it; `withSystemEnv` is what the command does when nobody says. */
export async function scriptUse(
  context: CommandContext,
  script: string,
  how: {
    readonly flags: ScriptFlags;
    readonly withSystemEnv: boolean;
    /** Of lakh's config file. */
    readonly configEnv?: Readonly<Record<string, string>>;
  },
): Promise<ScriptUse> {
  const { host } = context;
  const { flags, withSystemEnv, configEnv } = how;
  const type = scriptType(flags, host);
  const isInPlace = script === "-" || script.startsWith("https://");
  return {
    script: {
      path: isInPlace ? script : absolute(context, script),
      type,
      ...(script === "-" ? { source: await host.readStdin() } : {}),
    },
    env: toScriptEnv(
      flags.env,
      includesSystemEnv(flags, host, withSystemEnv) ? host.env : undefined,
      configEnv,
    ),
    extended: isExtended(flags, host),
    secretSources: toSecretSources(flags, host),
    lower: flags.lower ?? "auto",
    offline: flags.offline === true,
    cacheDir: cacheFolder(context),
  };
}

/** Absolute path of the config file of --config or K6_CONFIG. */
export function configPath(context: CommandContext, flags: ScriptFlags): string | undefined {
  const path = flags.config ?? context.host.env["K6_CONFIG"];
  return path === undefined || path === "" ? undefined : absolute(context, path);
}
