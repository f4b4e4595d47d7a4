/** From a run plan to what the engine's workers are told. */
import type { EngineAssignment } from "../engine/index.ts";
import {
  optionsForScript,
  resolveDns,
  resolveTls,
  type RunPlan,
  writtenBackOptions,
} from "../plan/index.ts";
import { lakhVersion } from "./environment.ts";

/** Largest response body kept, in bytes; a larger one fails its request. */
const maxBodyBytes = 256 * 1024 * 1024;

/**
 * The assignment of a plan; `keptTags` are kept apart whatever happens, `latencyLimitsMs` are counted exactly, `sendSamples` asks for every sample as it is, `exchanges`
 * for some exchanges whole, `env` holds what Go programs read of the network.
 */
export function assignmentFor(
  plan: RunPlan,
  parts: Pick<
    EngineAssignment,
    "confirmedHosts" | "keptTags" | "latencyLimitsMs" | "sendSamples" | "exchanges"
  > & {
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): EngineAssignment {
  const { options, scenarios, share } = plan;
  const { confirmedHosts, keptTags, latencyLimitsMs, sendSamples, exchanges, env } = parts;
  return {
    scenarios,
    share,
    confirmedHosts,
    keptTags,
    latencyLimitsMs,
    sendSamples,
    exchanges,
    vuOptions: {
      userAgent: options.given.includes("userAgent") ? options.userAgent : `lakh/${lakhVersion()}`,
      maxRedirects: Math.max(0, options.maxRedirects),
      maxRedirectsSet: options.given.includes("maxRedirects"),
      throwOnFailure: options.throw,
      discardResponseBodies: options.discardResponseBodies,
      httpDebug: debugOf(options.httpDebug),
      batch: Math.max(0, options.batch),
      batchPerHost: Math.max(0, options.batchPerHost),
      noCookiesReset: options.noCookiesReset,
      noVuConnectionReuse: options.noVUConnectionReuse,
      minIterationDurationMs: options.minIterationDurationMs,
      systemTags: options.systemTags,
      rps: Math.max(0, options.rps),
      setupTimeoutMs: options.setupTimeoutMs,
      teardownTimeoutMs: options.teardownTimeoutMs,
      summaryTimeoutMs: options.handleSummaryTimeoutMs,
      runTags: options.tags,
      testOptions: optionsForScript(plan),
      exportedOptions: writtenBackOptions(plan),
    },
    httpOptions: httpOptionsFor(options, env),
  };
}

function httpOptionsFor(
  options: RunPlan["options"],
  env: Readonly<Record<string, string | undefined>>,
): EngineAssignment["httpOptions"] {
  return {
    insecureSkipTlsVerify: options.insecureSkipTLSVerify,
    noConnectionReuse: options.noConnectionReuse,
    // Go's switch, which k6's users know.
    http2: !(env["GODEBUG"] ?? "").split(",").includes("http2client=0"),
    maxConnectionsPerHost: options.batchPerHost,
    maxBodyBytes,
    hosts: options.hosts,
    blockHostnames: options.blockHostnames,
    blacklistIps: options.blacklistIPs,
    dns: resolveDns(options.dns),
    localIps: options.localIPs ?? undefined,
    tls: {
      ...resolveTls(options),
      trust: { file: env["SSL_CERT_FILE"] || undefined, dir: env["SSL_CERT_DIR"] || undefined },
      keyLogFile: env["SSLKEYLOGFILE"] || undefined,
    },
    proxies: {
      http: eitherCase(env, "HTTP_PROXY"),
      https: eitherCase(env, "HTTPS_PROXY"),
      none: eitherCase(env, "NO_PROXY"),
    },
  };
}

/** As Go reads it: in upper case, else in lower case. */
function eitherCase(env: Readonly<Record<string, string | undefined>>, name: string): string {
  return env[name] || env[name.toLowerCase()] || "";
}

/** As in k6, any text but "full" means heads only. */
function debugOf(httpDebug: string | null): "headers" | "full" | undefined {
  if (httpDebug === null || httpDebug === "") return undefined;
  return httpDebug === "full" ? "full" : "headers";
}
