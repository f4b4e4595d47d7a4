/** From a run plan to what the engine's workers are told. */
import type { EngineAssignment } from "../engine/index.ts";
import { optionsForScript, type RunPlan } from "../plan/index.ts";
import { lakhVersion } from "./environment.ts";

/** Largest response body kept, in bytes; a larger one fails its request. */
const maxBodyBytes = 256 * 1024 * 1024;

/** The assignment of a plan; `latencyLimitsMs` are counted exactly, `sendSamples` asks for every sample as it is. */
export function assignmentFor(
  plan: RunPlan,
  { latencyLimitsMs, sendSamples }: Pick<EngineAssignment, "latencyLimitsMs" | "sendSamples">,
): EngineAssignment {
  const { options, scenarios, share } = plan;
  return {
    scenarios,
    share,
    latencyLimitsMs,
    sendSamples,
    vuOptions: {
      userAgent: options.given.includes("userAgent") ? options.userAgent : `lakh/${lakhVersion()}`,
      maxRedirects: options.maxRedirects,
      maxRedirectsSet: options.given.includes("maxRedirects"),
      throwOnFailure: options.throw,
      discardResponseBodies: options.discardResponseBodies,
      batch: options.batch,
      batchPerHost: options.batchPerHost,
      noCookiesReset: options.noCookiesReset,
      noVuConnectionReuse: options.noVUConnectionReuse,
      minIterationDurationMs: options.minIterationDurationMs,
      systemTags: options.systemTags,
      rps: options.rps,
      setupTimeoutMs: options.setupTimeoutMs,
      teardownTimeoutMs: options.teardownTimeoutMs,
      summaryTimeoutMs: options.handleSummaryTimeoutMs,
      runTags: options.tags,
      testOptions: optionsForScript(plan),
    },
    httpOptions: {
      insecureSkipTlsVerify: options.insecureSkipTLSVerify,
      noConnectionReuse: options.noConnectionReuse,
      maxConnectionsPerHost: options.batchPerHost,
      maxBodyBytes,
      hosts: options.hosts,
      blockHostnames: options.blockHostnames,
      blacklistIps: options.blacklistIPs,
    },
  };
}
