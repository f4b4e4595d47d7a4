/** The rules that deploy/compose, deploy/prometheus and deploy/grafana/provisioning keep; what they do is tested by running them. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { parsePrometheusVersion, prometheusFlags } from "../../../src/monitor/prometheus.ts";
import { repoRoot } from "../../support/cli.ts";

const deploy = join(repoRoot, "deploy");
const read = (path: string): string => readFileSync(join(deploy, path), "utf8");

interface Mount {
  readonly type: "bind" | "volume";
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly bind?: { readonly create_host_path: boolean };
}

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly Mount[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly env_file?: readonly string[];
  readonly healthcheck: { readonly test: readonly string[]; readonly interval: string };
  readonly [key: string]: unknown;
}

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const compose = parse(read("compose/compose.yml")) as Compose;
const services = Object.entries(compose.services);

/** What the Compose specification has at these places and this file may use. */
const known = {
  top: ["name", "services", "volumes"],
  service: [
    "cap_drop",
    "command",
    "depends_on",
    "env_file",
    "environment",
    "extra_hosts",
    "healthcheck",
    "image",
    "mem_limit",
    "pids_limit",
    "ports",
    "read_only",
    "restart",
    "security_opt",
    "tmpfs",
    "volumes",
  ],
  healthcheck: ["interval", "retries", "start_period", "test", "timeout"],
  mount: ["bind", "read_only", "source", "target", "type"],
};

/** Paths of the files in a folder of deploy/; none while it is not there. */
function filesIn(folder: string): string[] {
  const path = join(deploy, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((name) => statSync(join(deploy, name)).isFile());
}

/** What of deploy/ is published. */
const packaged = (
  JSON.parse(readFileSync(join(repoRoot, "package.json"), "utf8")) as { files: string[] }
).files.map((path) => join(repoRoot, path));

const unknownOf = (value: object, names: readonly string[]): string[] =>
  Object.keys(value).filter((name) => !names.includes(name));

describe("deploy/compose/compose.yml", () => {
  it("has Prometheus and Grafana, and no field that Compose does not know", () => {
    assert.deepEqual(Object.keys(compose.services), ["prometheus", "grafana"]);
    assert.deepEqual(unknownOf(compose, known.top), []);
    for (const [name, service] of services) {
      assert.deepEqual(unknownOf(service, known.service), [], name);
      assert.deepEqual(unknownOf(service.healthcheck, known.healthcheck), [], name);
      for (const mount of service.volumes)
        assert.deepEqual(unknownOf(mount, known.mount), [], mount.target);
    }
  });

  for (const [name, service] of services) {
    it(`${name}: an image of an exact version`, () =>
      assert.match(service.image, /^docker\.io\/[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+$/u));

    it(`${name}: ports on loopback only`, () => {
      assert.equal(service.ports.length, 1);
      for (const port of service.ports)
        assert.match(port, /^127\.0\.0\.1:\$\{LAKH_[A-Z]+_PORT:-\d+\}:\d+$/u);
    });

    it(`${name}: few rights, bounded memory, a file system that it cannot write`, () => {
      assert.deepEqual(service["cap_drop"], ["ALL"]);
      assert.deepEqual(service["security_opt"], ["no-new-privileges:true"]);
      assert.equal(service["read_only"], true);
      assert.match(String(service["mem_limit"]), /^\d+g$/u);
      for (const right of ["privileged", "user", "network_mode", "pid", "cap_add", "devices"])
        assert.ok(!(right in service), right);
    });

    it(`${name}: its files are mounted read-only and exist here, its data are in a named volume`, () => {
      const binds = service.volumes.filter(({ type }) => type === "bind");
      const volumes = service.volumes.filter(({ type }) => type === "volume");
      for (const { source, read_only, bind } of binds) {
        assert.equal(read_only, true, source);
        assert.equal(bind?.create_host_path, false, source);
        // Dashboards are built: a checkout without any still has the rest.
        if (!source.endsWith("/dashboards"))
          assert.ok(existsSync(resolve(deploy, "compose", source)), source);
      }
      assert.equal(volumes.length, 1);
      for (const { source } of volumes) assert.ok(source in compose.volumes, source);
    });

    it(`${name}: a health check`, () => {
      assert.equal(service.healthcheck.test[0], "CMD");
      assert.match(service.healthcheck.interval, /^\d+s$/u);
    });
  }

  it("has the images that deploy/k8s has", () => {
    const images = services.map(([, { image }]) => image);
    const names = images.map((image) => image.split(":")[0]!);
    const cluster = filesIn("k8s")
      .flatMap((path) => [...read(path).matchAll(/^\s*(?:- )?image: ["']?([^\s"']+)/gmu)])
      .map(([, image]) => image!)
      .filter((image) => names.includes(image.split(":")[0]!));
    for (const image of cluster) assert.ok(images.includes(image), image);
  });

  it("has the password from a file that neither git nor the package has", () => {
    assert.deepEqual(compose.services["grafana"]!.env_file, ["../grafana.env"]);
    const environment = Object.keys(compose.services["grafana"]!.environment!);
    assert.deepEqual(
      environment.filter((name) => /PASSWORD|SECRET|TOKEN/u.test(name)),
      [],
    );
    const ignored = readFileSync(join(repoRoot, ".gitignore"), "utf8").split("\n");
    assert.ok(ignored.includes("deploy/grafana.env"));
    assert.ok(packaged.every((path) => !join(deploy, "grafana.env").startsWith(path)));
  });

  it("is in the package with all that it mounts", () => {
    const mounted = services.flatMap(([, { volumes }]) =>
      volumes.filter(({ type }) => type === "bind").map(({ source }) => source),
    );
    for (const source of [".", ...mounted]) {
      const path = resolve(deploy, "compose", source);
      assert.ok(packaged.includes(path), path);
    }
  });

  it("gives Prometheus the flags that a program of its version gets, but for paths and ports", () => {
    const { image, command } = compose.services["prometheus"]!;
    const version = parsePrometheusVersion(`version ${image.split(":")[1]}`)!;
    const flags = prometheusFlags(version, {
      configFile: "/etc/prometheus/prometheus.yml",
      dataFolder: "/prometheus",
      port: 9_090,
      retention: { time: "${LAKH_RETENTION_TIME:-30d}", size: "${LAKH_RETENTION_SIZE:-5GB}" },
    }).filter((flag) => !flag.startsWith("--web.listen-address="));
    assert.deepEqual([...command!].toSorted(), flags.toSorted());
    assert.equal(
      compose.services["grafana"]!.environment!["LAKH_PROMETHEUS_VERSION"],
      image.split(":v")[1],
    );
  });
});

describe("deploy/grafana/provisioning", () => {
  it("has one Prometheus source with a fixed uid, for runs that write every 5 s", () => {
    const { apiVersion, datasources } = parse(
      read("grafana/provisioning/datasources/lakh.yml"),
    ) as { apiVersion: number; datasources: Record<string, unknown>[] };
    assert.equal(apiVersion, 1);
    assert.equal(datasources.length, 1);
    const [source] = datasources;
    assert.equal(source!["uid"], "lakh-prometheus");
    assert.equal(source!["type"], "prometheus");
    assert.equal(source!["url"], "${LAKH_PROMETHEUS_URL}");
    assert.deepEqual(source!["jsonData"], {
      timeInterval: "5s",
      httpMethod: "POST",
      prometheusType: "Prometheus",
      prometheusVersion: "${LAKH_PROMETHEUS_VERSION}",
    });
  });

  it("takes dashboards from one folder, and lets nobody change them on the page", () => {
    const { providers } = parse(read("grafana/provisioning/dashboards/lakh.yml")) as {
      providers: Record<string, unknown>[];
    };
    assert.equal(providers.length, 1);
    assert.equal(providers[0]!["allowUiUpdates"], false);
    assert.deepEqual(providers[0]!["options"], { path: "${LAKH_DASHBOARDS}" });
  });

  it("names no variable that Compose does not set", () => {
    const set = Object.keys(compose.services["grafana"]!.environment!);
    for (const kind of ["datasources", "dashboards"])
      for (const name of readdirSync(join(deploy, "grafana/provisioning", kind)))
        for (const [, used] of read(`grafana/provisioning/${kind}/${name}`).matchAll(
          /\$\{(\w+)\}/gu,
        ))
          assert.ok(set.includes(used!), `${name}: ${used}`);
  });
});
