/**
 * `node dist/scripts/kubernetes-schema.js VERSION path/to/swagger.json` writes test/fixtures/kubernetes-schema.json: JSON
 * schemas of the kinds that deploy/k8s uses, from the OpenAPI document of Kubernetes, which is in its Go module
 * (`go mod download -json k8s.io/kubernetes@VERSION` says where; api/openapi-spec/swagger.json in it).
 * They are stricter than the document: fields that are not in it are refused, as `kubectl apply` does, and so are values
 * of the enumerations below, which are those of the API but not in its document.
 */
import { readFileSync, writeFileSync } from "node:fs";

const kinds = [
  "/v1 ConfigMap",
  "/v1 Namespace",
  "/v1 PersistentVolumeClaim",
  "/v1 Secret",
  "/v1 Service",
  "/v1 ServiceAccount",
  "apps/v1 Deployment",
  "apps/v1 StatefulSet",
  "networking.k8s.io/v1 Ingress",
  "networking.k8s.io/v1 NetworkPolicy",
  "policy/v1 PodDisruptionBudget",
  "rbac.authorization.k8s.io/v1 ClusterRole",
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
];

/** By definition and field (of a list: its items). */
const values: Readonly<Record<string, readonly string[]>> = {
  "apps.v1.DeploymentStrategy.type": ["Recreate", "RollingUpdate"],
  "apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted": ["Delete", "Retain"],
  "apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled": ["Delete", "Retain"],
  "core.v1.Container.imagePullPolicy": ["Always", "IfNotPresent", "Never"],
  "core.v1.ContainerPort.protocol": ["SCTP", "TCP", "UDP"],
  "core.v1.HTTPGetAction.scheme": ["HTTP", "HTTPS"],
  "core.v1.PersistentVolumeClaimSpec.accessModes": [
    "ReadOnlyMany",
    "ReadWriteMany",
    "ReadWriteOnce",
    "ReadWriteOncePod",
  ],
  "core.v1.PodSecurityContext.fsGroupChangePolicy": ["Always", "OnRootMismatch"],
  "core.v1.SeccompProfile.type": ["Localhost", "RuntimeDefault", "Unconfined"],
  "core.v1.ServicePort.protocol": ["SCTP", "TCP", "UDP"],
  "core.v1.ServiceSpec.type": ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"],
  "networking.v1.NetworkPolicyPort.protocol": ["SCTP", "TCP", "UDP"],
  "networking.v1.NetworkPolicySpec.policyTypes": ["Egress", "Ingress"],
  "policy.v1.PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy": [
    "AlwaysAllow",
    "IfHealthyBudget",
  ],
};
const used = new Set<string>();

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly "x-kubernetes-group-version-kind"?: readonly {
    group: string;
    version: string;
    kind: string;
  }[];
}
type Definitions = Readonly<Record<string, Schema>>;

const [version, path] = process.argv.slice(2);
if (version === undefined || path === undefined)
  throw new Error("usage: kubernetes-schema.js VERSION path/to/swagger.json");
const { definitions } = JSON.parse(readFileSync(path, "utf8")) as { definitions: Definitions };

const names = new Map<string, string>(
  Object.entries(definitions).flatMap(([name, schema]) =>
    (schema["x-kubernetes-group-version-kind"] ?? []).map((each) => [
      `${each.group}/${each.version} ${each.kind}`,
      name,
    ]),
  ),
);
const roots = Object.fromEntries(
  kinds.map((kind) => {
    const name = names.get(kind);
    if (name === undefined) throw new Error(`${path} has no ${kind}`);
    return [kind.replace(/^\//u, ""), name];
  }),
);

const kept = new Map<string, unknown>();
for (const name of Object.values(roots)) keep(name);
const unused = Object.keys(values).filter((field) => !used.has(field));
if (unused.length > 0) throw new Error(`${path} has no ${unused.join(", ")}`);
const sorted = Object.fromEntries([...kept].sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(
  "test/fixtures/kubernetes-schema.json",
  `${JSON.stringify({ version, kinds: roots, definitions: sorted }, null, 1)}\n`,
);
console.log(`${kept.size} definitions of Kubernetes ${version}`);

/** Keeps a definition and all that it refers to. */
function keep(name: string): void {
  if (kept.has(name)) return;
  kept.set(name, undefined); // some refer to themselves
  const schema = definitions[name];
  if (schema === undefined) throw new Error(`${path} has no definition ${name}`);
  const quantity = name.endsWith(".api.resource.Quantity");
  kept.set(name, quantity ? { type: ["string", "number"] } : closed(schema, name));
}

/** The schema without prose and without room for fields that it does not name; `place` says where it stands. */
function closed(schema: Schema, place: string): unknown {
  if (schema.$ref !== undefined) {
    keep(schema.$ref.replace("#/definitions/", ""));
    return { $ref: schema.$ref };
  }
  if (schema.format === "int-or-string") return { type: ["string", "integer"] };
  const { properties, additionalProperties, items, required } = schema;
  return {
    ...(schema.type === undefined ? {} : { type: schema.type }),
    ...(schema.type === "string" ? enumerated(place) : {}),
    ...(required === undefined ? {} : { required }),
    ...(items === undefined ? {} : { items: closed(items, place) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, each]) => [key, closed(each, `${place}.${key}`)]),
          ),
          additionalProperties: false,
        }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: closed(additionalProperties, place) }),
  };
}

function enumerated(place: string): { enum?: readonly string[] } {
  const field = place.replace("io.k8s.api.", "");
  used.add(field);
  const known = values[field];
  return known === undefined ? {} : { enum: known };
}
