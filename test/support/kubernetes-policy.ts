/**
 * What our manifests must keep to beyond the schema. Each rule reads the whole of what an overlay is built to and names
 * its offenders; a rule has a test with manifests that break it and nothing else.
 */
import {
  type AccessRule,
  type Container,
  type Labels,
  type Manifest,
  nameOf,
  ofKind,
  parseQuantity,
  type PodSpec,
  type Quantities,
  type SecurityContext,
  type Workload,
  workloadsOf,
} from "./kubernetes-manifest.ts";

export interface PolicyRule {
  readonly name: string;
  readonly why: string;
  /** Who breaks it, and how. */
  readonly offences: (manifests: readonly Manifest[]) => readonly string[];
}

/** The offences of all rules, each with its rule's name in front. */
export function policyOffences(manifests: readonly Manifest[]): string[] {
  return policyRules.flatMap(({ name, offences }) =>
    offences(manifests).map((offence) => `${name}: ${offence}`),
  );
}

export const policyRules: readonly PolicyRule[] = [
  {
    name: "no-literal-secret",
    why: "what is committed or stands in a manifest is no secret any more",
    offences: (manifests) => [
      ...ofKind(manifests, "Secret").map((each) => `${nameOf(each)} is part of the manifests`),
      ...eachContainer(manifests, literalSecretsOf),
      ...ofKind(manifests, "ConfigMap").flatMap((each) =>
        Object.entries(each.data ?? {})
          .filter(([, text]) => credential.test(text))
          .map(([key]) => `${nameOf(each)} has a credential in ${key}`),
      ),
    ],
  },
  {
    name: "exact-image",
    why: "a tag that moves is another program tomorrow; a name without a registry is looked up in who knows which",
    offences: (manifests) =>
      eachContainer(manifests, ({ image }) =>
        exactImage.test(image) ? [] : [`${image} is no exact version of a named registry`],
      ),
  },
  {
    name: "no-root",
    why: "root in a container is root on the node after one mistake of the kernel's",
    offences: (manifests) =>
      eachContainer(manifests, (container, pod) => {
        const { runAsNonRoot, runAsUser } = securityOf(container, pod);
        return runAsNonRoot === true && runAsUser !== undefined && runAsUser > 0
          ? []
          : ["does not state runAsNonRoot and a user other than 0"];
      }),
  },
  {
    name: "no-privileges",
    why: "no program here needs a capability, a system call outside the default profile, or more rights than it starts with",
    offences: (manifests) => eachContainer(manifests, privilegesOf),
  },
  {
    name: "read-only-root",
    why: "an intruder can then leave nothing behind but in the volumes",
    offences: (manifests) =>
      eachContainer(manifests, (container, pod) =>
        securityOf(container, pod).readOnlyRootFilesystem === true
          ? []
          : ["can write to its root file system"],
      ),
  },
  {
    name: "nothing-of-the-host",
    why: "the host's network, processes and files are not the pod's",
    offences: (manifests) => workloadsOf(manifests).flatMap(hostUsesOf),
  },
  {
    name: "resources",
    why: "without requests it is evicted first, without limits it starves what it measures",
    offences: (manifests) => eachContainer(manifests, resourceOffencesOf),
  },
  {
    name: "probes",
    why: "one that hangs would go on unnoticed, one that starts would get requests",
    offences: (manifests) =>
      eachContainer(
        manifests,
        (container) =>
          (["readinessProbe", "livenessProbe"] as const)
            .filter((probe) => container[probe] === undefined)
            .map((probe) => `has no ${probe}`),
        { initToo: false },
      ),
  },
  {
    name: "cluster-internal-services",
    why: "Prometheus has no login: a service that the outside reaches is an open database",
    offences: (manifests) =>
      ofKind(manifests, "Service")
        .filter(
          ({ spec }) =>
            (spec?.type ?? "ClusterIP") !== "ClusterIP" ||
            (spec?.externalIPs ?? []).length > 0 ||
            (spec?.ports ?? []).some((port) => port.nodePort !== undefined),
        )
        .map((each) => `${nameOf(each)} can be reached from outside`),
  },
  {
    name: "internal-ingress",
    why: "an ingress is for the private network and for TLS",
    offences: (manifests) =>
      ofKind(manifests, "Ingress")
        .filter(({ metadata, spec }) => {
          const annotations = metadata.annotations ?? {};
          return (
            annotations["kubernetes.io/ingress.class"] !== "gce-internal" ||
            annotations["kubernetes.io/ingress.allow-http"] !== "false" ||
            (spec?.tls ?? []).length === 0
          );
        })
        .map((each) => `${nameOf(each)} is not internal with TLS alone`),
  },
  {
    name: "own-namespace",
    why: "what is in a namespace of its own can be seen and deleted as a whole",
    offences: (manifests) => {
      const own = ofKind(manifests, "Namespace").map(({ metadata }) => metadata.name);
      return manifests
        .filter(({ kind }) => !clusterKinds.has(kind))
        .filter(({ metadata }) => !own.includes(metadata.namespace ?? "default"))
        .map((each) => `${nameOf(each)} is in namespace ${each.metadata.namespace ?? "default"}`);
    },
  },
  {
    name: "restricted-namespace",
    why: "the cluster then refuses what these rules overlook",
    offences: (manifests) =>
      ofKind(manifests, "Namespace")
        .filter(
          ({ metadata }) =>
            metadata.labels?.["pod-security.kubernetes.io/enforce"] !== "restricted",
        )
        .map((each) => `${nameOf(each)} does not enforce the restricted standard`),
  },
  {
    name: "network-policies",
    why: "what no policy names is closed, in both directions",
    offences: networkOffences,
  },
  {
    name: "service-account-tokens",
    why: "a token is in a pod because somebody decided so, and of an account of its own",
    offences: tokenOffences,
  },
  {
    name: "least-access",
    why: "monitoring reads a few kinds: no secrets, no wildcards, and no way to run something in a pod",
    offences: (manifests) =>
      manifests.flatMap((each) =>
        (each.rules ?? []).filter(isTooMuch).map((rule) => `${nameOf(each)}: ${toText(rule)}`),
      ),
  },
  {
    name: "config-map-size",
    why: "the API server refuses a config map of more than 1 MiB",
    offences: (manifests) =>
      ofKind(manifests, "ConfigMap")
        .map((each) => ({ each, bytes: bytesOf(each) }))
        .filter(({ bytes }) => bytes > 2 ** 20)
        .map(({ each, bytes }) => `${nameOf(each)} has ${bytes} bytes`),
  },
  {
    name: "references",
    why: "a pod that refers to what is not there waits for ever; a selector that matches nothing does nothing",
    offences: (manifests) => [...missingOf(manifests), ...unmatchedOf(manifests)],
  },
  {
    name: "single-writer",
    why: "two pods on one volume during a rollout spoil what is on it",
    offences: (manifests) =>
      workloadsOf(manifests)
        .filter(({ pod }) => pod.volumes?.some((each) => each.persistentVolumeClaim !== undefined))
        .filter(
          ({ manifest: { kind, spec } }) =>
            (spec?.replicas ?? 1) !== 1 ||
            (kind === "Deployment" && spec?.strategy?.type !== "Recreate"),
        )
        .map(({ manifest }) => `${nameOf(manifest)} may run twice on its volume`),
  },
  {
    name: "labels",
    why: "by them people find, and policies select, what belongs together",
    offences: (manifests) =>
      manifests.flatMap((each) =>
        ["app.kubernetes.io/name", "app.kubernetes.io/part-of"]
          .filter((label) => each.metadata.labels?.[label] === undefined)
          .map((label) => `${nameOf(each)} has no ${label}`),
      ),
  },
];

const clusterKinds = new Set(["Namespace", "ClusterRole", "ClusterRoleBinding"]);
const credential =
  /^\s*(- )?"?(password|bearer_token|credentials|secureJsonData|api_?key)"?\s*[:=]/imu;
const secretName = /(PASSWORD|SECRET|TOKEN|API_?KEY|CREDENTIAL)/iu;
const exactImage =
  /^[\w-]+(\.[\w-]+)+(\/[\w.-]+)+(:v?\d+\.\d+\.\d+[\w.-]*(@sha256:[\da-f]{64})?|@sha256:[\da-f]{64})$/u;

type OfContainer = (container: Container, pod: PodSpec) => readonly string[];

function eachContainer(
  manifests: readonly Manifest[],
  offences: OfContainer,
  { initToo = true }: { initToo?: boolean } = {},
): string[] {
  return workloadsOf(manifests).flatMap(({ manifest, pod }) =>
    [...pod.containers, ...(initToo ? (pod.initContainers ?? []) : [])].flatMap((container) =>
      offences(container, pod).map((text) => `${nameOf(manifest)}, ${container.name}: ${text}`),
    ),
  );
}

/** What holds for a container: its own security context over the pod's. */
function securityOf(container: Container, pod: PodSpec): SecurityContext {
  return { ...pod.securityContext, ...container.securityContext };
}

function literalSecretsOf(container: Container): string[] {
  const fromEnv = (container.env ?? [])
    .filter(({ name, value }) => secretName.test(name) && value !== undefined)
    // A flag, or the path of a file that holds the secret.
    .filter(({ name, value }) => !(name.endsWith("_FILE") && value!.startsWith("/")))
    .filter(({ value }) => value !== "true" && value !== "false")
    .map(({ name }) => `${name} has its value in the manifest`);
  const fromArgs = (container.args ?? [])
    .filter((argument) => /^--?[\w.-]*(password|token|secret)[\w.-]*=[^/]/iu.test(argument))
    .map((argument) => `argument ${argument.split("=")[0]} has its value in the manifest`);
  return [...fromEnv, ...fromArgs];
}

function privilegesOf(container: Container, pod: PodSpec): string[] {
  const security = securityOf(container, pod);
  return [
    ...(security.allowPrivilegeEscalation === false ? [] : ["may gain privileges"]),
    ...(security.privileged === true ? ["is privileged"] : []),
    ...(security.capabilities?.drop?.includes("ALL") ? [] : ["does not drop ALL capabilities"]),
    ...((security.capabilities?.add ?? []).length > 0 ? ["adds capabilities"] : []),
    ...(security.seccompProfile?.type === "RuntimeDefault" ? [] : ["has no seccomp profile"]),
  ];
}

function hostUsesOf({ manifest, pod }: Workload): string[] {
  const uses = [
    ...(["hostNetwork", "hostPID", "hostIPC"] as const).filter((each) => pod[each] === true),
    ...(pod.volumes ?? []).filter((each) => each.hostPath !== undefined).map(() => "hostPath"),
    ...pod.containers
      .flatMap((each) => each.ports ?? [])
      .filter((port) => port.hostPort !== undefined)
      .map(() => "hostPort"),
  ];
  return uses.map((use) => `${nameOf(manifest)} has ${use}`);
}

function resourceOffencesOf({ resources }: Container): string[] {
  return ["cpu", "memory"].flatMap((resource) => {
    const request = (resources?.requests as Quantities | undefined)?.[resource];
    const limit = (resources?.limits as Quantities | undefined)?.[resource];
    if (request === undefined || limit === undefined) return [`no request or limit of ${resource}`];
    return parseQuantity(request) > parseQuantity(limit)
      ? [`asks for more ${resource} than its limit`]
      : [];
  });
}

/** Whether `selector` asks for nothing that `labels` do not have. */
function matches(selector: Labels | undefined, labels: Labels): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);
}

function networkOffences(manifests: readonly Manifest[]): string[] {
  const policies = ofKind(manifests, "NetworkPolicy");
  const closing = policies.filter(
    ({ spec }) =>
      Object.keys(spec?.podSelector?.matchLabels ?? {}).length === 0 &&
      spec?.ingress === undefined &&
      spec?.egress === undefined &&
      ["Ingress", "Egress"].every((type) => spec?.policyTypes?.includes(type)),
  );
  const opening = policies.filter((each) => !closing.includes(each));
  return [
    ...ofKind(manifests, "Namespace")
      .filter((each) => closing.every((one) => one.metadata.namespace !== each.metadata.name))
      .map((each) => `${nameOf(each)} is not closed by default`),
    ...workloadsOf(manifests)
      .filter(({ labels }) =>
        opening.every(({ spec }) => !matches(spec?.podSelector?.matchLabels, labels)),
      )
      .map(({ manifest }) => `${nameOf(manifest)} has no policy: it reaches nothing`),
    ...opening.filter((each) => openToAll(each)).map((each) => `${nameOf(each)} lets everybody in`),
  ];
}

/** An ingress rule without peers, or with every address. */
function openToAll({ spec }: Manifest): boolean {
  return ((spec?.ingress ?? []) as { from?: { ipBlock?: { cidr: string } }[] }[]).some(
    ({ from = [] }) =>
      from.length === 0 || from.some(({ ipBlock }) => ipBlock?.cidr.endsWith("/0") === true),
  );
}

function tokenOffences(manifests: readonly Manifest[]): string[] {
  const bound = manifests.flatMap((each) => each.subjects ?? []).map(({ name }) => name);
  return workloadsOf(manifests).flatMap(({ manifest, pod }) => {
    const account = pod.serviceAccountName ?? "default";
    const mounts = pod.automountServiceAccountToken;
    return [
      ...(account === "default" ? [`${nameOf(manifest)} runs as the default account`] : []),
      ...(mounts === undefined ? [`${nameOf(manifest)} does not say whether it has a token`] : []),
      ...(mounts === true && !bound.includes(account)
        ? [`${nameOf(manifest)} has a token that nothing is bound to`]
        : []),
    ];
  });
}

function isTooMuch({ apiGroups = [], resources = [], verbs }: AccessRule): boolean {
  return (
    [...apiGroups, ...resources, ...verbs].includes("*") ||
    verbs.some((verb) => !["get", "list", "watch"].includes(verb)) ||
    resources.some((each) => each.startsWith("secrets") || each === "nodes/proxy")
  );
}

function toText({ resources = [], verbs }: AccessRule): string {
  return `${verbs.join(", ")} of ${resources.join(", ")}`;
}

/** As the API server counts: the values, without their keys. */
function bytesOf({ data = {}, binaryData = {} }: Manifest): number {
  const texts = Object.values(data).map((text) => Buffer.byteLength(text));
  const binaries = Object.values(binaryData).map((text) => Buffer.from(text, "base64").length);
  return [...texts, ...binaries].reduce((sum, bytes) => sum + bytes, 0);
}

function missingOf(manifests: readonly Manifest[]): string[] {
  const there = new Set(manifests.map((each) => nameOf(each)));
  const wanted = workloadsOf(manifests).flatMap(({ manifest, pod }) =>
    [
      `ServiceAccount ${pod.serviceAccountName ?? "default"}`,
      ...(pod.volumes ?? []).flatMap((volume) => [
        ...[volume.configMap, ...(volume.projected?.sources ?? []).map((each) => each.configMap)]
          .filter((each) => each !== undefined)
          .map(({ name }) => `ConfigMap ${name}`),
        ...(volume.persistentVolumeClaim === undefined
          ? []
          : [`PersistentVolumeClaim ${volume.persistentVolumeClaim.claimName}`]),
      ]),
    ].map((name) => ({ manifest, name })),
  );
  const mounts = workloadsOf(manifests).flatMap(({ manifest, pod }) => {
    const volumes = [
      ...(pod.volumes ?? []).map(({ name }) => name),
      ...(manifest.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
    ];
    return pod.containers
      .flatMap((container) => container.volumeMounts ?? [])
      .filter(({ name }) => !volumes.includes(name))
      .map(({ name }) => `${nameOf(manifest)} mounts ${name}, which is no volume of it`);
  });
  const bindings = manifests.flatMap((each) => [
    ...(each.roleRef === undefined ? [] : [`${each.roleRef.kind} ${each.roleRef.name}`]),
    ...(each.subjects ?? []).map(({ kind, name }) => `${kind} ${name}`),
  ]);
  return [
    ...wanted
      .filter(({ name }) => !there.has(name))
      .map(({ manifest, name }) => `${nameOf(manifest)} refers to ${name}, which is not there`),
    ...mounts,
    ...bindings.filter((name) => !there.has(name)).map((name) => `a binding names ${name}`),
  ];
}

function unmatchedOf(manifests: readonly Manifest[]): string[] {
  const workloads = workloadsOf(manifests);
  const services = ofKind(manifests, "Service").flatMap((service) => {
    const chosen = workloads.filter(({ labels }) => matches(service.spec?.selector, labels));
    const ports = chosen
      .flatMap(({ pod }) => pod.containers)
      .flatMap((container) => container.ports ?? [])
      .flatMap(({ name, containerPort }) => [name, containerPort]);
    return (service.spec?.ports ?? [])
      .filter(({ targetPort }) => !ports.includes(targetPort))
      .map(({ targetPort }) => `${nameOf(service)} leads to no port ${String(targetPort)}`);
  });
  const selectors = [
    ...ofKind(manifests, "NetworkPolicy").map((each) => ({
      each,
      labels: each.spec?.podSelector?.matchLabels,
    })),
    ...ofKind(manifests, "PodDisruptionBudget").map((each) => ({
      each,
      labels: each.spec?.selector?.matchLabels,
    })),
  ];
  return [
    ...services,
    ...selectors
      .filter((selector) => workloads.every(({ labels }) => !matches(selector.labels, labels)))
      .map(({ each }) => `${nameOf(each)} selects nothing`),
    ...workloads
      .filter(({ manifest, labels }) => !matches(manifest.spec?.selector?.matchLabels, labels))
      .map(({ manifest }) => `${nameOf(manifest)} does not select its own pods`),
  ];
}
