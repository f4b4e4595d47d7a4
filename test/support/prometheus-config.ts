/**
 * The configuration of a built overlay's Prometheus as the Prometheus on this machine can read it: in one file, and
 * without the fields that came after 2.42, which is Debian's.
 */
import { parse } from "yaml";
import type { Manifest } from "./kubernetes-manifest.ts";

export interface ScrapeConfig {
  readonly job_name: string;
  readonly scrape_interval?: string;
  readonly metric_relabel_configs?: readonly Relabeling[];
  readonly [field: string]: unknown;
}

export interface Relabeling {
  readonly action?: string;
  readonly regex?: string;
  readonly source_labels?: readonly string[];
}

export interface PrometheusConfig {
  readonly global: Readonly<Record<string, unknown>>;
  readonly storage: { readonly tsdb: Readonly<Record<string, unknown>> };
  readonly rule_files: readonly string[];
  readonly scrape_config_files?: readonly string[];
  readonly scrape_configs?: readonly ScrapeConfig[];
}

/** The ConfigMap that generated as `name` (a hash follows it). */
export function configMap(
  manifests: readonly Manifest[],
  name: string,
): Readonly<Record<string, string>> {
  const found = manifests.filter(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.name.startsWith(`${name}-`),
  );
  if (found.length !== 1) throw new Error(`there are ${found.length} config maps ${name}`);
  return found[0]!.data ?? {};
}

/** prometheus.yml with the jobs of its scrape_config_files in it. */
export function assembledConfig(manifests: readonly Manifest[]): PrometheusConfig {
  const files = configMap(manifests, "prometheus-config");
  const config = parse(files["prometheus.yml"]!) as PrometheusConfig;
  const jobs = Object.entries(files)
    .filter(([name]) => /^scrape-.*\.yml$/u.test(name))
    .flatMap(([, text]) => (parse(text) as PrometheusConfig).scrape_configs ?? []);
  return { ...config, scrape_configs: jobs };
}

/** Since which version Prometheus knows what 2.42 does not. */
const newer = {
  global: { scrape_native_histograms: "3.8", always_scrape_classic_histograms: "3.4" },
  tsdb: { retention: "3.11" },
  job: { track_timestamps_staleness: "2.48" },
};

export function withoutNewerFields(config: PrometheusConfig): PrometheusConfig {
  const { scrape_config_files: _since243, ...rest } = config;
  return {
    ...rest,
    global: without(config.global, newer.global),
    storage: { ...config.storage, tsdb: without(config.storage.tsdb, newer.tsdb) },
    scrape_configs: (config.scrape_configs ?? []).map((job) => without(job, newer.job)),
  };
}

function without<T extends object>(from: T, fields: Readonly<Record<string, string>>): T {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !(name in fields))) as T;
}
