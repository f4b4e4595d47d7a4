/** "lakh: load test": one run, from what was asked for to what the target did. */
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { createDashboard } from "./frame.ts";
import { endpointsRow } from "./rows/endpoints.ts";
import { errorsRow } from "./rows/errors.ts";
import { generatorRow } from "./rows/generator.ts";
import { latencyRow } from "./rows/latency.ts";
import { loadRow } from "./rows/load.ts";
import { runRow } from "./rows/run.ts";
import { kubernetesRow, observedRow, processRow } from "./rows/target.ts";
import { runVariables, targetVariables } from "./variables.ts";

export function loadTestDashboard(): Dashboard {
  return createDashboard({
    uid: "lakh-load-test",
    title: "lakh: load test",
    description:
      "A run of lakh (or of k6 with its Prometheus output): load, latency, errors, the generator's own condition, and the target on the same time axis. Choose two runs to compare them.",
    variables: [...runVariables(), ...targetVariables()],
    rows: [
      runRow(),
      loadRow(),
      latencyRow(),
      errorsRow(),
      endpointsRow(),
      generatorRow(),
      observedRow(),
      kubernetesRow(),
      processRow(),
    ],
    from: "now-30m",
    refresh: "10s",
  });
}
