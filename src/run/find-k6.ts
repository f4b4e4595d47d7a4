/** The k6 that the runner `k6` would use; what finds it is read when it is asked for. */
import type { Host } from "../base/host.ts";

/** @throws LakhError K6_MISSING, K6_TOO_OLD */
export async function findInstalledK6(
  host: Pick<Host, "env" | "cwd">,
): Promise<{ readonly path: string; readonly version: string }> {
  const { findK6 } = await import("./runners/k6/binary.ts");
  return findK6(host);
}
