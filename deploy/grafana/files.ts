/** Everything that is generated: which file has which text. The files are committed, and a test compares. */
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { capacitySearchDashboard } from "./capacity-search.ts";
import { keyPanelsDashboard } from "./key-panels.ts";
import { loadTestDashboard } from "./load-test.ts";
import { ruleFile } from "./rules/rule-file.ts";
import { soakDashboard } from "./soak.ts";

/** The folders in which every file is generated. */
export const generatedFolders: readonly string[] = [
  "deploy/grafana/dashboards",
  "deploy/prometheus/rules",
];

/** All dashboards, by the name of their file. */
export function dashboards(): Readonly<Record<string, Dashboard>> {
  return {
    "lakh-load-test": loadTestDashboard(),
    "lakh-soak": soakDashboard(),
    "lakh-capacity-search": capacitySearchDashboard(),
    "lakh-key-panels": keyPanelsDashboard(),
  };
}

/** Text by path, from the root of the repository. */
export function generatedFiles(): Readonly<Record<string, string>> {
  const json = Object.entries(dashboards()).map(([name, dashboard]) => [
    `deploy/grafana/dashboards/${name}.json`,
    `${JSON.stringify(dashboard, undefined, 2)}\n`,
  ]);
  return {
    ...Object.fromEntries(json),
    "deploy/prometheus/rules/lakh.yml": ruleFile(
      "Generated from deploy/grafana/rules by npm run grafana:build; do not edit.",
    ),
  };
}
