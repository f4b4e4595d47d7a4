/**
 * The configuration of a built overlay's Prometheus as the Prometheus on this machine can read it, which is Debian's 2.42,
 * built without the discovery for Kubernetes: in one file, without the fields that came later, with another discovery.
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
  config: { scrape_config_files: "2.43" },
  global: { scrape_native_histograms: "3.8", always_scrape_classic_histograms: "3.4" },
  tsdb: { retention: "3.11" },
  job: { track_timestamps_staleness: "2.48" },
};

/** `config` for Debian's Prometheus, with the targets of each role served below `discoveryUrl`. */
export function forDebian(config: PrometheusConfig, discoveryUrl: string): PrometheusConfig {
  return {
    ...without(config, newer.config),
    global: without(config.global, newer.global),
    storage: { ...config.storage, tsdb: without(config.storage.tsdb, newer.tsdb) },
    scrape_configs: (config.scrape_configs ?? []).map((job) => {
      const { kubernetes_sd_configs: discovery, ...rest } = without(job, newer.job);
      if (discovery === undefined) return rest;
      const roles = (discovery as { role: string }[]).map(({ role }) => ({
        url: `${discoveryUrl}/${role}`,
        refresh_interval: "1s",
      }));
      return { ...rest, http_sd_configs: roles };
    }),
  };
}

function without<T extends object>(from: T, fields: Readonly<Record<string, string>>): T {
  return Object.fromEntries(Object.entries(from).filter(([name]) => !(name in fields))) as T;
}
