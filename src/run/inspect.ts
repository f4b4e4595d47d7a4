/** `lakh inspect`: the options of a script or archive as k6 prints them; with what a run would need when asked for. */
import { toGoJson } from "../base/go-json.ts";
import { formatGoDuration } from "../base/units.ts";
import { openEngine } from "../engine/index.ts";
import {
  deriveRunPlan,
  mergeOptions,
  optionsForScript,
  parseOptions,
  showOptions,
} from "../plan/index.ts";
import { createShare, maxVusOver, totalDurationMs } from "../schedule/index.ts";
import { engineSetupFor } from "./engine-setup.ts";
import type { ScriptUse } from "./script-source.ts";
import { mergeRunOptions } from "./options.ts";
import type { RunDeps } from "./request.ts";

export interface InspectRequest extends ScriptUse {
  readonly configPath: string | undefined;
  /** Consolidates all layers, derives the scenarios, and adds `totalDuration` and `maxVUs`. */
  readonly requirements: boolean;
}

/**
 * The JSON text, indented by two spaces.
 * @throws LakhError as a run of the script would, up to the start of its load
 */
export async function inspectScript(
  request: InspectRequest,
  deps: Omit<RunDeps, "events">,
): Promise<string> {
  const engine = await openEngine(1, engineSetupFor(request, deps));
  try {
    if (!request.requirements) {
      const { options, scriptUrl } = engine.init;
      const merged = mergeOptions(parseOptions(options ?? {}, "script", scriptUrl));
      for (const warning of merged.warnings) deps.logger.log("warning", warning);
      return toGoJson(showOptions(merged.options, false), 2);
    }
    const merged = mergeRunOptions(engine.init, {
      request: { ...request, cliOptions: {}, features: { names: [], source: "cli" } },
      demand: undefined,
      ...deps,
    });
    const plan = deriveRunPlan(merged, engine.init.functions);
    for (const warning of plan.warnings) deps.logger.log("warning", warning);
    const share = createShare(plan.share);
    return toGoJson(
      {
        ...showOptions(merged.options, true),
        scenarios: optionsForScript(plan)["scenarios"],
        totalDuration: formatGoDuration(totalDurationMs(plan.scenarios)),
        maxVUs: maxVusOver(plan.scenarios, share),
      },
      2,
    );
  } finally {
    await engine.close();
  }
}
