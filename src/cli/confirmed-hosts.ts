/** Which hosts the user says may be loaded. */
import type { Host } from "../base/host.ts";

/** Those of `--confirm-host` and of LAKH_CONFIRM_HOST, which has commas between them. */
export function confirmedHostsOf(
  flags: { readonly confirmHost?: readonly string[] },
  env: Host["env"],
): readonly string[] {
  const named = (env["LAKH_CONFIRM_HOST"] ?? "").split(",").map((host) => host.trim());
  return [...(flags.confirmHost ?? []), ...named.filter((host) => host !== "")];
}
