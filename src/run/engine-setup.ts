/** From a script argument to what the engine is opened with: the same for a run, an inspection and an archive. */
import type { EngineSetup } from "../engine/index.ts";
import { parseSecretSources, Redactor } from "../secrets/index.ts";
import { loadScript } from "../script/index.ts";
import type { RunDeps } from "./request.ts";
import { addSecrets } from "./secrecy.ts";
import { openScript, type ScriptUse } from "./script-source.ts";

/** @throws LakhError when the script cannot be read, bundled or lowered */
export async function engineSetupFor(
  use: ScriptUse & { readonly freezesEnv?: boolean },
  deps: Omit<RunDeps, "events">,
): Promise<EngineSetup> {
  const { host, clock, logger, minLogLevel } = deps;
  const opened = await openScript(use.script);
  const bundle = await loadScript({
    ...opened,
    cwd: host.cwd,
    cacheDir: use.cacheDir,
    offline: use.offline,
    lower: use.lower,
    log: logger,
  });
  const { archive } = opened;
  addSecrets(deps.redactor, archive?.env ?? {});
  return {
    bundle,
    env: { ...archive?.env, ...use.env },
    redactor: deps.redactor ?? new Redactor(),
    secrets: parseSecretSources(use.secretSources, host),
    extended: use.extended,
    freezesEnv: use.freezesEnv === true,
    scriptOptions: archive?.options,
    logger,
    minLogLevel,
    clock,
  };
}
