/** One script under one program, from its directive to its comparable outcome. */
import { join } from "node:path";
import { readDirective } from "./directive.ts";
import { execute } from "./execution.ts";
import { type Outcome, toOutcome } from "./outcome.ts";
import { scriptsFolder } from "./suite.ts";
import type { Target } from "./target/index.ts";
import type { Tool } from "./tools.ts";

export async function runScript(script: string, tool: Tool, target: Target): Promise<Outcome> {
  const directive = readDirective(join(scriptsFolder, script));
  const execution = await execute({ script, directive, tool, target });
  return toOutcome(execution, directive, target.addresses);
}

/** Calls `work` for each name, two at a time. */
export async function forEachScript(
  names: readonly string[],
  work: (name: string) => Promise<void>,
): Promise<void> {
  const waiting = [...names];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await work(name);
  };
  await Promise.all([worker(), worker()]);
}
