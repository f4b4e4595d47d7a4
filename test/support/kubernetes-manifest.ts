/** Kubernetes manifests as the tests of deploy/ read them: the fields that some rule asks about, all else unknown. */
import { parseAllDocuments } from "yaml";

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec?: Spec;
  readonly data?: Labels;
  readonly stringData?: Labels;
  readonly binaryData?: Labels;
  readonly rules?: readonly AccessRule[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { kind: string; name: string; namespace?: string }[];
}

export type Labels = Readonly<Record<string, string>>;

export interface AccessRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}

/** The `spec` of workloads, services, policies and ingresses in one: which fields there are depends on the kind. */
export interface Spec {
  readonly type?: string;
  readonly replicas?: number;
  readonly strategy?: { readonly type?: string };
  readonly selector?: { readonly matchLabels?: Labels } & Labels;
  readonly template?: { readonly metadata?: { readonly labels?: Labels }; readonly spec: PodSpec };
  readonly volumeClaimTemplates?: readonly { metadata: { name: string }; spec: ClaimSpec }[];
  readonly resources?: ClaimSpec["resources"];
  readonly ports?: readonly { readonly targetPort?: string | number; readonly nodePort?: number }[];
  readonly externalIPs?: readonly string[];
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly unknown[];
  readonly egress?: readonly unknown[];
  readonly tls?: readonly unknown[];
}

export interface ClaimSpec {
  readonly resources?: { readonly requests?: Labels };
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: SecurityContext;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly seccompProfile?: { readonly type: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { name?: string; containerPort: number; hostPort?: number }[];
  readonly resources?: { readonly requests?: Quantities; readonly limits?: Quantities };
  readonly readinessProbe?: unknown;
  readonly livenessProbe?: unknown;
  readonly securityContext?: SecurityContext;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export type Quantities = Readonly<Record<string, string | number>>;

export interface Volume {
  readonly name: string;
  readonly hostPath?: unknown;
  readonly emptyDir?: { readonly sizeLimit?: string };
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string; readonly items?: readonly { key: string }[] };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly projected?: { readonly sources: readonly { configMap?: { name: string } }[] };
}

/** The documents of `text`, read by YAML 1.1 as the API server does. */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { version: "1.1" }).map((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    return document.toJS() as Manifest;
  });
}

export function nameOf(manifest: Manifest): string {
  return `${manifest.kind} ${manifest.metadata.name}`;
}

export function ofKind(manifests: readonly Manifest[], kind: string): Manifest[] {
  return manifests.filter((each) => each.kind === kind);
}

export interface Workload {
  readonly manifest: Manifest;
  readonly labels: Labels;
  readonly pod: PodSpec;
}

/** Whatever makes pods. */
export function workloadsOf(manifests: readonly Manifest[]): Workload[] {
  return manifests.flatMap((manifest) => {
    const template = manifest.spec?.template;
    return template === undefined
      ? []
      : [{ manifest, labels: template.metadata?.labels ?? {}, pod: template.spec }];
  });
}

const factors: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A quantity such as `500m` or `2Gi` as a number. */
export function parseQuantity(quantity: string | number): number {
  const [, digits, suffix] = /^([\d.]+)([A-Za-z]*)$/u.exec(String(quantity)) ?? [];
  const factor = factors[suffix ?? "?"];
  if (digits === undefined || factor === undefined) throw new Error(`no quantity: ${quantity}`);
  return Number(digits) * factor;
}
