/** Which hosts the user says may be loaded. */
import type { ResolvedConfig } from "../config/index.ts";
import type { Host } from "../base/host.ts";

/** Those of `--confirm-host`, of LAKH_CONFIRM_HOST, which has commas between them, and of lakh's config file. */
export function confirmedHostsOf(
  flags: { readonly confirmHost?: readonly string[] },
  env: Host["env"],
  config?: ResolvedConfig,
): readonly string[] {
  const named = (env["LAKH_CONFIRM_HOST"] ?? "").split(",").map((host) => host.trim());
  const inFile = config?.target.allowedHosts ?? [];
  return [...(flags.confirmHost ?? []), ...named.filter((host) => host !== ""), ...inFile];
}
