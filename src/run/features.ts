/**
 * k6's feature flags: which are on, and what each does here. An active one is visible in every sample as the tag
 * `k6_feature_<name>`, as in k6; one that nobody knows is reported and the run goes on.
 */
import type { Logger } from "../base/log.ts";

/** Feature flags as they were asked for. */
export interface FeatureRequest {
  readonly names: readonly string[];
  /** Where they were asked for, for the message about an unknown one. */
  readonly source: "cli" | "env" | "file";
}

const known = ["freeze-env", "merge-run-tags", "native-histograms"] as const;
type Feature = (typeof known)[number];

/** The active ones, sorted. */
export function activeFeatures({ names, source }: FeatureRequest, logger: Logger): Feature[] {
  const wanted = [...new Set(names.map((name) => name.trim()).filter((name) => name !== ""))];
  for (const feature of wanted) {
    if (isKnown(feature))
      logger.log("info", "Experimental feature enabled", { feature, lifecycle: "experimental" });
    else logger.log("error", "Unknown feature flag", { feature, outcome: "unknown", source });
  }
  return wanted.filter(isKnown).sort();
}

/** Run tags that tell which features were on. */
export function featureTags(features: readonly Feature[]): Record<string, string> {
  return Object.fromEntries(
    features.map((name) => [`k6_feature_${name.replaceAll("-", "_")}`, "true"]),
  );
}

function isKnown(name: string): name is Feature {
  return (known as readonly string[]).includes(name);
}
