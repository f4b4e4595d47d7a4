/** An export request as the opentelemetry output makes it. */
import { type ExportRequest, RequestEncoder } from "../../src/outputs/opentelemetry/requests.ts";
import { IntervalBench } from "./intervals.ts";

/** With so many series of the counter http_reqs. */
export function encodedExport(series = 1): ExportRequest {
  const bench = new IntervalBench();
  for (let n = 0; n < series; n++) bench.add("http_reqs", 1, { url: `http://host/${n}` });
  const encoder = new RequestEncoder({
    resource: { "service.name": "k6" },
    metricPrefix: "",
    histograms: "exponential",
    startWallMs: 0,
  });
  return encoder.encode(bench.interval(0).totals, 1_000)[0]!;
}
