/** How much load hosts get that nobody has confirmed, and the error of a run that would send them more. */
import type { EngineErrorCode } from "./errors.ts";
import { exitCodes, LakhError } from "../base/errors.ts";

/** Requests that unconfirmed hosts get in any second, all of them together. */
export const unconfirmedRequestsPerSecond = 50;

/** The error of a run that was ended, or not begun, for the sake of hosts. @param what happened, or would */
export function unconfirmedLoad(hosts: readonly string[], what: string): LakhError {
  const [are, it] = hosts.length === 1 ? ["is", "it"] : ["are", "them"];
  const flags = hosts.map((host) => `--confirm-host ${host}`).join(" ");
  return new LakhError(
    "HOST_UNCONFIRMED" satisfies EngineErrorCode,
    `${hosts.join(", ")} ${are} not confirmed as a target: ${what}`,
    {
      hint:
        `if you may load ${it}, add ${flags} (or LAKH_CONFIRM_HOST=${hosts.join(",")}); hosts other than this machine ` +
        `need it above ${unconfirmedRequestsPerSecond} requests/s, so that a wrong URL takes nobody's service down`,
      exitCode: exitCodes.invalidConfig,
    },
  );
}

/** The same when one request too many came within so many milliseconds. */
export function breachError(hosts: readonly string[], withinMs: number): LakhError {
  const they = hosts.length === 1 ? "it" : "they";
  const requests = unconfirmedRequestsPerSecond + 1;
  const what = `${they} got ${requests} requests within ${Math.round(withinMs)} ms, so the run was ended`;
  return unconfirmedLoad(hosts, what);
}
