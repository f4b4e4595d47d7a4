/** The load guard of a worker: it counts with those of the other workers, and what it finds the host is told. */
import { systemClock } from "../../base/clock.ts";
import { RateWindow } from "../../base/rate-window.ts";
import { ConfirmedHosts, LoadGuard } from "../../http/index.ts";
import type { WorkerMessage } from "../protocol.ts";

export function createLoadGuard(
  confirmedHosts: readonly string[],
  memory: BigInt64Array,
  events: { readonly post: (message: WorkerMessage) => void; readonly stopRun: () => void },
): LoadGuard {
  const { post, stopRun } = events;
  const hosts: string[] = [];
  return new LoadGuard({
    confirmed: new ConfirmedHosts(confirmedHosts),
    window: new RateWindow(memory),
    wallMs: () => systemClock.wallMs(),
    onUnconfirmed: (host) => {
      hosts.push(host);
      post({ type: "unconfirmed", hosts: [host], breachWithinMs: undefined });
    },
    onBreach: (breachWithinMs) => {
      post({ type: "unconfirmed", hosts, breachWithinMs });
      // What the refusal would make of this worker's iterations is not to be measured.
      stopRun();
    },
  });
}
