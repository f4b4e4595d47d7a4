/** Door of `observe`: the target's side of a run, on the run's time axis. */
export { type ObserveErrorCode, observeErrorCodes } from "./errors.ts";
export { createMetricsEndpointSource } from "./metrics-endpoint.ts";
export {
  type LatestReading,
  type Observer,
  type ObserverOptions,
  startObserver,
} from "./observer.ts";
export { createProcessSource, parseResidentBytes, parseStat } from "./process-id.ts";
export { checkPrometheus, createPrometheusObserver, type PrometheusDeps } from "./prometheus.ts";
export { prometheusPresets } from "./prometheus-presets.ts";
export { planPrometheus, type PrometheusRequest } from "./prometheus-request.ts";
export type { ObservationSource, Reading } from "./source.ts";
