/**
 * setup(), teardown() and handleSummary(): each runs once, in a VU of its own, with a time limit (k6: 2.7).
 */
import type { EngineErrorCode } from "../errors.ts";
import { exitCodes, LakhError } from "../../base/errors.ts";
import type { Series } from "../../metrics/index.ts";
import { TestAbortedError } from "./test-aborted.ts";
import type { RejectionWatch } from "./rejections.ts";
import type { FunctionEnd } from "./vu-task.ts";
import { Vu } from "./vu.ts";
import type { VuShared } from "./vu-shared.ts";

export type LifecycleFunction = "setup" | "teardown" | "handleSummary";

const timeoutExitCodes: Readonly<Record<LifecycleFunction, number>> = {
  setup: exitCodes.setupTimeout,
  teardown: exitCodes.teardownTimeout,
  handleSummary: exitCodes.genericTimeout,
};

const timeoutOptions: Readonly<Record<LifecycleFunction, string>> = {
  setup: "setupTimeout",
  teardown: "teardownTimeout",
  handleSummary: "handleSummaryTimeout",
};

/**
 * Runs the exported function; resolves with what it returned, undefined when the script has none.
 * @throws LakhError LIFECYCLE_TIMEOUT, or the script's own exception with exit code 107.
 */
export async function runLifecycleFunction(
  shared: VuShared,
  name: LifecycleFunction,
  call: { timeoutMs: number; args: readonly unknown[] },
): Promise<unknown> {
  const vu = new Vu(shared, { inInstance: 0, inTest: 0 });
  const instance = await vu.instantiate().catch((error: unknown) => {
    throw shared.describeError(error);
  });
  const callee = instance.exported(name);
  // None of them, or nothing: an export of another kind was refused when the script was opened.
  if (typeof callee !== "function") return undefined;

  const isSummary = name === "handleSummary";
  if (!isSummary && shared.options.systemTags.has("group"))
    vu.tags = vu.tags.with("group", `::${name}`);
  vu.numberIteration();
  const timer = setTimeout(() => vu.abandon(), call.timeoutMs);
  const run = (): Promise<FunctionEnd> =>
    vu.run(isSummary ? "summary" : name, () =>
      (callee as (...args: unknown[]) => unknown)(...call.args),
    );
  // A rejection in handleSummary() is logged and changes nothing (k6).
  const end = await (isSummary ? run() : alone(shared.rejections, vu, run));
  clearTimeout(timer);
  if (!isSummary) emitData(vu, shared);
  vu.abandon();

  switch (end.kind) {
    case "returned":
      return end.value;
    case "interrupted":
      throw new LakhError(
        "LIFECYCLE_TIMEOUT" satisfies EngineErrorCode,
        `${name}() execution timed out after ${Math.floor(call.timeoutMs / 1_000)} seconds`,
        {
          hint: `You can increase the time limit via the ${timeoutOptions[name]} option`,
          exitCode: timeoutExitCodes[name],
        },
      );
    case "threw":
      if (end.error instanceof TestAbortedError) return undefined;
      throw shared.describeError(end.error);
  }
}

/** How a function ended during which nothing else runs: an unhandled rejection is its exception. */
async function alone(
  rejections: RejectionWatch,
  vu: Vu,
  run: () => Promise<FunctionEnd>,
): Promise<FunctionEnd> {
  try {
    return await rejections.during(vu, run);
  } catch (error) {
    return { kind: "threw", error };
  }
}

function emitData(vu: Vu, shared: VuShared): void {
  const { sentBytes, receivedBytes } = vu.takeData();
  const series = (metric: string): Series => vu.series(shared.registry.get(metric)!, vu.tags);
  series("data_sent").add(sentBytes);
  series("data_received").add(receivedBytes);
}
