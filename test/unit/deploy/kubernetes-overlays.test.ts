/** What each overlay of deploy/k8s is built to: valid, by our rules, and saying what the guide says. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { parse, stringify } from "yaml";
import { prometheusPresets } from "../../../src/observe/index.ts";
import { repoRoot, scratchFolder } from "../../support/cli.ts";
import {
  type Manifest,
  ofKind,
  parseQuantity,
  workloadsOf,
} from "../../support/kubernetes-manifest.ts";
import { policyOffences } from "../../support/kubernetes-policy.ts";
import { schemaErrors } from "../../support/kubernetes-schema.ts";
import { kustomize, kustomizeIsMissing } from "../../support/kustomize.ts";
import {
  assembledConfig,
  configMap,
  type PrometheusConfig,
  forDebian,
} from "../../support/prometheus-config.ts";
import { prometheusIsMissing } from "../../support/prometheus.ts";

const skip = kustomizeIsMissing;
const overlays = readdirSync(join(repoRoot, "deploy", "k8s", "overlays")).sort();
const read = (...path: string[]): string => readFileSync(join(repoRoot, ...path), "utf8");

const built = new Map<string, Manifest[]>();
function overlay(name: string): Manifest[] {
  const manifests = built.get(name) ?? kustomize(`deploy/k8s/overlays/${name}`);
  built.set(name, manifests);
  return manifests;
}

function workload(name: string, app: string) {
  const found = workloadsOf(overlay(name)).find(({ manifest }) => manifest.metadata.name === app);
  assert.ok(found, `${name} has no ${app}`);
  return { ...found, container: found.pod.containers[0]! };
}

function retentionOf(config: PrometheusConfig): { time: string; size: string } {
  return config.storage.tsdb["retention"] as { time: string; size: string };
}

describe("the overlays of deploy/k8s", () => {
  it("are these", () => {
    assert.deepEqual(overlays, ["dev", "gke", "gke-internal-ingress"]);
  });

  for (const name of overlays) {
    describe(name, { skip }, () => {
      it("is valid by the schemas of Kubernetes", () => {
        assert.ok(overlay(name).length >= 20);
        assert.deepEqual(overlay(name).flatMap(schemaErrors), []);
      });

      it("keeps to the rules", () => {
        assert.deepEqual(policyOffences(overlay(name)), []);
      });

      it("runs Prometheus, Grafana and kube-state-metrics", () => {
        assert.deepEqual(
          workloadsOf(overlay(name)).map(({ pod }) => pod.containers[0]!.image),
          [
            "docker.io/grafana/grafana:13.2.3",
            "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0",
            "docker.io/prom/prometheus:v3.13.5",
          ],
        );
      });

      it("lets Prometheus take what is pushed, in either message of remote write", () => {
        const { args = [] } = workload(name, "prometheus").container;
        assert.ok(args.includes("--web.enable-remote-write-receiver"));
        const accepted = "--web.remote-write-receiver.accepted-protobuf-messages=";
        assert.deepEqual(
          args.filter((each) => each.startsWith(accepted)).map((each) => each.split("=")[1]),
          ["prometheus.WriteRequest", "io.prometheus.write.v2.Request"],
        );
        assert.deepEqual(
          args.filter((each) => each.includes("enable-feature")),
          [],
        );
      });

      it("keeps data by time and size, within four fifths of the volume", () => {
        const { pod, manifest } = workload(name, "prometheus");
        const { time, size } = retentionOf(assembledConfig(overlay(name)));
        const volume =
          manifest.spec?.volumeClaimTemplates?.[0]?.spec.resources?.requests?.["storage"] ??
          pod.volumes?.find((each) => each.name === "data")?.emptyDir?.sizeLimit;
        assert.match(time, /^\d+d$/u);
        // Prometheus's GB is 2^30 bytes.
        const sizeBytes = parseQuantity(size.replace(/B$/u, "i"));
        assert.ok(sizeBytes <= 0.8 * parseQuantity(volume!), `${size} of ${volume}`);
      });

      it("has every dashboard and every rule of the repository, word by word", () => {
        const dashboards = ofKind(overlay(name), "ConfigMap")
          .filter(({ metadata }) => metadata.labels?.["grafana_dashboard"] === "1")
          .flatMap(({ data }) => Object.entries(data ?? {}));
        assert.deepEqual(Object.fromEntries(dashboards), filesOf("deploy/grafana/dashboards"));
        assert.deepEqual(
          configMap(overlay(name), "prometheus-rules"),
          filesOf("deploy/prometheus/rules"),
        );
      });

      it("mounts every dashboard, and opens with one of them", () => {
        const { pod, container } = workload(name, "grafana");
        const mounted = pod.volumes
          ?.find((volume) => volume.name === "dashboards")
          ?.projected?.sources.map((source) => source.configMap?.name);
        const dashboards = ofKind(overlay(name), "ConfigMap").filter(
          ({ metadata }) => metadata.labels?.["grafana_dashboard"] === "1",
        );
        assert.deepEqual(mounted?.sort(), dashboards.map(({ metadata }) => metadata.name).sort());
        const home = container.env?.find(({ name: each }) => each.endsWith("_HOME_DASHBOARD_PATH"));
        const path = container.volumeMounts?.find(
          (mount) => mount.name === "dashboards",
        )?.mountPath;
        assert.ok(
          dashboards.some(({ data }) =>
            Object.keys(data ?? {}).some((file) => home?.value === `${path}/${file}`),
          ),
        );
      });

      it("scrapes all of the cluster's metrics that the preset, dashboards and rules are made of", () => {
        const texts = [
          ...prometheusPresets["kubernetes"]!.readings.map(({ query }) => query),
          ...Object.values(filesOf("deploy/grafana/dashboards")),
          ...Object.values(filesOf("deploy/prometheus/rules")),
        ];
        const named = (pattern: RegExp): string[] =>
          texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1]!));
        const jobs = assembledConfig(overlay(name)).scrape_configs ?? [];
        const kept = jobs
          .find((job) => job.job_name === "cadvisor")
          ?.metric_relabel_configs?.find((each) => each.source_labels?.includes("__name__"));
        const ofContainers = named(/\b(container_[a-z_]+)/gu);
        assert.ok(ofContainers.length > 5);
        for (const metric of ofContainers)
          assert.match(metric, new RegExp(`^(${kept?.regex})$`, "u"));
        const [resources = ""] = workload(name, "kube-state-metrics").container.args ?? [];
        const kinds = named(/\bkube_([a-z]+)_/gu);
        assert.ok(kinds.length > 2);
        for (const kind of kinds) assert.match(resources, new RegExp(`[=,]${kind}s(,|$)`, "u"));
      });

      it("lets kube-state-metrics read exactly the kinds that it is told to", () => {
        const [argument] = workload(name, "kube-state-metrics").container.args ?? [];
        const role = overlay(name).find(
          ({ kind, metadata }) =>
            kind === "ClusterRole" && metadata.name.endsWith("kube-state-metrics"),
        );
        assert.deepEqual(
          argument?.replace("--resources=", "").split(","),
          role?.rules?.flatMap(({ resources = [] }) => resources).sort(),
        );
      });

      it("has a Prometheus configuration and rules that promtool takes", {
        skip: prometheusIsMissing,
      }, (t) => {
        checkWithPromtool(t, overlay(name));
      });
    });
  }

  it("differ in Prometheus's configuration only by how long data is kept", { skip }, () => {
    const settings = overlays.map((name) => {
      const config = parse(
        configMap(overlay(name), "prometheus-config")["prometheus.yml"]!,
      ) as PrometheusConfig;
      return { ...config, storage: { tsdb: { ...config.storage.tsdb, retention: undefined } } };
    });
    for (const each of settings) assert.deepEqual(each, settings[0]);
    assert.deepEqual(
      ["dev", "gke"].map((name) => retentionOf(assembledConfig(overlay(name)))),
      [
        { time: "2d", size: "1600MB" },
        { time: "90d", size: "40GB" },
      ],
    );
  });

  it("verify the kubelet's certificate, except in dev", { skip }, () => {
    const tls = overlays.map((name) => {
      const jobs = assembledConfig(overlay(name)).scrape_configs ?? [];
      return jobs.find((job) => job.job_name === "cadvisor")?.["tls_config"];
    });
    const verified = { ca_file: "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt" };
    assert.deepEqual(tls, [{ insecure_skip_verify: true }, verified, verified]);
    // Nothing else is different between the two files.
    const [strict, lax] = ["base/prometheus/config", "components/kubelet-self-signed"].map(
      (folder) => parse(read("deploy", "k8s", folder, "scrape-kubelet.yml")) as PrometheusConfig,
    );
    const withoutTls = ({ scrape_configs = [] }: PrometheusConfig): unknown =>
      scrape_configs.map((job) => ({ ...job, tls_config: undefined }));
    assert.deepEqual(withoutTls(strict!), withoutTls(lax!));
  });

  it("keep the data on volumes, except in dev", { skip }, () => {
    assert.deepEqual(
      overlays.map((name) => ({
        name,
        claims: ofKind(overlay(name), "PersistentVolumeClaim").length,
        templates: workload(name, "prometheus").manifest.spec?.volumeClaimTemplates?.length ?? 0,
      })),
      [
        { name: "dev", claims: 0, templates: 0 },
        { name: "gke", claims: 1, templates: 1 },
        { name: "gke-internal-ingress", claims: 1, templates: 1 },
      ],
    );
  });

  it("have an ingress only where it is asked for, and Grafana opened to it alone", { skip }, () => {
    assert.deepEqual(
      overlays.map((name) => ofKind(overlay(name), "Ingress").length),
      [0, 0, 1],
    );
    const policies = ofKind(overlay("gke-internal-ingress"), "NetworkPolicy");
    assert.deepEqual(
      policies
        .filter(({ spec }) => JSON.stringify(spec).includes("ipBlock"))
        .map(({ metadata, spec }) => [metadata.name, spec?.podSelector?.matchLabels]),
      [["grafana-ingress", { "app.kubernetes.io/name": "grafana" }]],
    );
  });

  it("need no secret but those that the guide tells how to make", { skip }, () => {
    const guide = read("docs", "guide", "kubernetes-monitoring.md");
    for (const name of overlays) {
      const secrets = workloadsOf(overlay(name))
        .flatMap(({ pod }) => pod.volumes ?? [])
        .flatMap(({ secret }) => (secret === undefined ? [] : [secret]));
      assert.deepEqual(
        secrets.map(({ secretName }) => secretName),
        ["grafana-admin"],
      );
      for (const { key } of secrets[0]?.items ?? [])
        assert.ok(guide.includes(`--from-file=${key}=`), `the guide does not make ${key}`);
    }
    assert.match(guide, /create secret generic grafana-admin/u);
    assert.match(guide, /create secret tls grafana-tls/u);
  });

  it("can be moved to another namespace by one line", { skip }, (t) => {
    const folder = scratchFolder(t);
    const base = relative(folder, join(repoRoot, "deploy", "k8s", "overlays", "gke"));
    writeFileSync(
      join(folder, "kustomization.yaml"),
      stringify({ resources: [base], namespace: "elsewhere" }),
    );
    const manifests = kustomize(folder);
    const namespaces = manifests.flatMap(({ metadata, subjects = [] }) => [
      metadata.namespace,
      ...subjects.map(({ namespace }) => namespace),
    ]);
    assert.deepEqual(new Set(namespaces), new Set([undefined, "elsewhere"]));
    assert.deepEqual(policyOffences(manifests), []);
  });
});

function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(join(repoRoot, folder));
  assert.ok(names.length > 0);
  return Object.fromEntries(names.map((name) => [name, read(folder, name)]));
}

function checkWithPromtool(t: TestContext, manifests: readonly Manifest[]): void {
  const rules = configMap(manifests, "prometheus-rules");
  const folder = scratchFolder(t, {
    "prometheus.yml": stringify(forDebian(assembledConfig(manifests), "http://127.0.0.1")),
    ...rules,
  });
  const names = Object.keys(rules).map((name) => join(folder, name));
  for (const args of [
    // The files that it names are in the pod alone.
    ["check", "config", "--syntax-only", join(folder, "prometheus.yml")],
    ["check", "rules", ...names],
  ]) {
    const result = spawnSync("promtool", args, { encoding: "utf8" });
    assert.equal(result.status, 0, `${result.stdout}${result.stderr}`);
  }
}
