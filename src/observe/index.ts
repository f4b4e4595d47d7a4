/** Door of `observe`: the target's side of a run, on the run's time axis. */
export { createMetricsEndpointSource } from "./metrics-endpoint.ts";
export { type Observer, type ObserverOptions, startObserver } from "./observer.ts";
export { createProcessSource, parseResidentBytes, parseStat } from "./process-id.ts";
export type { ObservationSource, Reading } from "./source.ts";
