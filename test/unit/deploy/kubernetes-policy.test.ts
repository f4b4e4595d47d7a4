/** Each rule of test/support/kubernetes-policy.ts is broken here by manifests that keep to all others. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseManifests } from "../../support/kubernetes-manifest.ts";
import { policyOffences, policyRules } from "../../support/kubernetes-policy.ts";

const compliant = `
apiVersion: v1
kind: Namespace
metadata:
  name: own
  labels: { pod-security.kubernetes.io/enforce: restricted, app.kubernetes.io/name: app, app.kubernetes.io/part-of: all }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: app, namespace: own, labels: LABELS }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: app, labels: LABELS }
rules: [{ apiGroups: [""], resources: [pods], verbs: [list, watch] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: app, labels: LABELS }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: app }
subjects: [{ kind: ServiceAccount, name: app, namespace: own }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: app, namespace: own, labels: LABELS }
data: { app.yml: "interval: 5s" }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: app, namespace: own, labels: LABELS }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: app, namespace: own, labels: LABELS }
spec:
  replicas: 1
  strategy: { type: Recreate }
  selector: { matchLabels: { app.kubernetes.io/name: app } }
  template:
    metadata: { labels: LABELS }
    spec:
      serviceAccountName: app
      automountServiceAccountToken: true
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: app
          image: registry.example/app:v1.2.3
          env: [{ name: ADMIN_PASSWORD_FILE, value: /secret/password }]
          args: [--password-file=/secret/password]
          ports: [{ name: http, containerPort: 80 }]
          readinessProbe: { httpGet: { path: /, port: http } }
          livenessProbe: { httpGet: { path: /, port: http } }
          resources: { requests: { cpu: 500m, memory: 1Gi }, limits: { cpu: 1, memory: 1Gi } }
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
          volumeMounts: [{ name: config, mountPath: /config }, { name: data, mountPath: /data }]
      volumes:
        - { name: config, configMap: { name: app } }
        - { name: data, persistentVolumeClaim: { claimName: app } }
---
apiVersion: v1
kind: Service
metadata: { name: app, namespace: own, labels: LABELS }
spec: { selector: { app.kubernetes.io/name: app }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: app
  namespace: own
  labels: LABELS
  annotations: { kubernetes.io/ingress.class: gce-internal, kubernetes.io/ingress.allow-http: "false" }
spec: { tls: [{ secretName: tls }], defaultBackend: { service: { name: app, port: { number: 80 } } } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: own, labels: LABELS }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: app, namespace: own, labels: LABELS }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: app } }
  policyTypes: [Ingress]
  ingress: [{ from: [{ podSelector: {} }] }]
`.replaceAll("LABELS", "{ app.kubernetes.io/name: app, app.kubernetes.io/part-of: all }");

/** By rule: what is changed in the compliant manifests, and what is then said. */
const breaks: Readonly<Record<string, readonly (readonly [string, string, RegExp])[]>> = {
  "no-literal-secret": [
    [
      "{ name: ADMIN_PASSWORD_FILE, value: /secret/password }",
      "{ name: ADMIN_PASSWORD, value: admin123 }",
      /ADMIN_PASSWORD has its value/u,
    ],
    ["value: /secret/password", "value: admin123", /ADMIN_PASSWORD_FILE has its value/u],
    [
      "--password-file=/secret/password",
      "--password=admin123",
      /argument --password has its value/u,
    ],
    [
      '"interval: 5s"',
      '"basic_auth:\\n  password: admin123"',
      /ConfigMap app has a credential in app\.yml/u,
    ],
    [
      "---",
      "---\napiVersion: v1\nkind: Secret\nmetadata: { name: app, namespace: own, labels: { app.kubernetes.io/name: app, app.kubernetes.io/part-of: all } }\n---",
      /Secret app is part/u,
    ],
  ],
  "exact-image": [
    ["app:v1.2.3", "app:latest", /no exact version/u],
    ["app:v1.2.3", "app", /no exact version/u],
    ["app:v1.2.3", "app:v1", /no exact version/u],
    ["registry.example/app:v1.2.3", "prom/app:v1.2.3", /no exact version of a named registry/u],
  ],
  "no-root": [
    ["runAsNonRoot: true, ", "", /runAsNonRoot/u],
    ["runAsUser: 1000", "runAsUser: 0", /user other than 0/u],
    [
      "allowPrivilegeEscalation: false",
      "allowPrivilegeEscalation: false, runAsUser: 0",
      /user other than 0/u,
    ],
    ["runAsUser: 1000, ", "", /user other than 0/u],
  ],
  "no-privileges": [
    ["allowPrivilegeEscalation: false, ", "", /may gain privileges/u],
    [
      "allowPrivilegeEscalation: false",
      "allowPrivilegeEscalation: false, privileged: true",
      /is privileged/u,
    ],
    ["drop: [ALL]", "drop: [NET_RAW]", /does not drop ALL/u],
    ["drop: [ALL]", "drop: [ALL], add: [NET_ADMIN]", /adds capabilities/u],
    ["type: RuntimeDefault", "type: Unconfined", /no seccomp profile/u],
  ],
  "read-only-root": [
    ["readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", /can write/u],
  ],
  "nothing-of-the-host": [
    ["serviceAccountName: app", "serviceAccountName: app\n      hostNetwork: true", /hostNetwork/u],
    ["serviceAccountName: app", "serviceAccountName: app\n      hostPID: true", /hostPID/u],
    ["containerPort: 80", "containerPort: 80, hostPort: 80", /hostPort/u],
    ["volumes:", "volumes:\n        - { name: logs, hostPath: { path: /var/log } }", /hostPath/u],
  ],
  resources: [
    ["limits: { cpu: 1, memory: 1Gi }", "limits: { cpu: 1 }", /no request or limit of memory/u],
    [
      "requests: { cpu: 500m, memory: 1Gi }",
      "requests: { memory: 1Gi }",
      /no request or limit of cpu/u,
    ],
    [
      "requests: { cpu: 500m, memory: 1Gi }",
      "requests: { cpu: 500m, memory: 1025Mi }",
      /more memory than its limit/u,
    ],
  ],
  probes: [
    ["readinessProbe:", "startupProbe:", /no readinessProbe/u],
    ["livenessProbe:", "startupProbe:", /no livenessProbe/u],
  ],
  "cluster-internal-services": [
    ["spec: { selector:", "spec: { type: LoadBalancer, selector:", /can be reached/u],
    ["spec: { selector:", "spec: { type: NodePort, selector:", /can be reached/u],
    ["spec: { selector:", "spec: { externalIPs: [192.0.2.1], selector:", /can be reached/u],
  ],
  "internal-ingress": [
    ["gce-internal", "gce", /not internal/u],
    ['allow-http: "false"', 'allow-http: "true"', /not internal/u],
    ["tls: [{ secretName: tls }]", "tls: []", /not internal/u],
  ],
  "own-namespace": [
    [
      "kind: Service\nmetadata: { name: app, namespace: own",
      "kind: Service\nmetadata: { name: app",
      /Service app is in namespace default/u,
    ],
    [
      "kind: Service\nmetadata: { name: app, namespace: own",
      "kind: Service\nmetadata: { name: app, namespace: kube-system",
      /in namespace kube-system/u,
    ],
  ],
  "restricted-namespace": [
    [
      "pod-security.kubernetes.io/enforce: restricted",
      "pod-security.kubernetes.io/enforce: baseline",
      /does not enforce/u,
    ],
  ],
  "network-policies": [
    ["policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]", /Namespace own is not closed/u],
    [
      "spec: { podSelector: {}, policyTypes",
      "spec: { podSelector: {}, egress: [{}], policyTypes",
      /not closed/u,
    ],
    ["ingress: [{ from: [{ podSelector: {} }] }]", "ingress: [{}]", /lets everybody in/u],
    [
      "ingress: [{ from: [{ podSelector: {} }] }]",
      "ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]",
      /lets everybody in/u,
    ],
  ],
  "service-account-tokens": [
    ["automountServiceAccountToken: true", "enableServiceLinks: false", /does not say/u],
    [
      "subjects: [{ kind: ServiceAccount, name: app, namespace: own }]",
      "subjects: []",
      /nothing is bound/u,
    ],
  ],
  "least-access": [
    ["resources: [pods]", 'resources: ["*"]', /list, watch of \*/u],
    ["resources: [pods]", "resources: [secrets]", /of secrets/u],
    ["resources: [pods]", "resources: [nodes/proxy]", /of nodes\/proxy/u],
    ["verbs: [list, watch]", "verbs: [list, create]", /list, create/u],
  ],
  "config-map-size": [
    ['"interval: 5s"', `"${"é".repeat(2 ** 19 + 1)}"`, /ConfigMap app has 1048578 bytes/u],
  ],
  references: [
    ["configMap: { name: app }", "configMap: { name: other }", /refers to ConfigMap other/u],
    [
      "configMap: { name: app }",
      "projected: { sources: [{ configMap: { name: other } }] }",
      /refers to ConfigMap other/u,
    ],
    ["claimName: app", "claimName: other", /refers to PersistentVolumeClaim other/u],
    ["{ name: data, mountPath", "{ name: logs, mountPath", /mounts logs/u],
    [
      "kind: ClusterRole, name: app",
      "kind: ClusterRole, name: other",
      /a binding names ClusterRole other/u,
    ],
    ["targetPort: http", "targetPort: metrics", /leads to no port metrics/u],
    [
      "selector: { matchLabels: { app.kubernetes.io/name: app } }",
      "selector: { matchLabels: { app.kubernetes.io/name: other } }",
      /does not select its own/u,
    ],
  ],
  "single-writer": [
    ["replicas: 1", "replicas: 2", /may run twice/u],
    ["type: Recreate", "type: RollingUpdate", /may run twice/u],
  ],
  labels: [
    [
      "name: app, namespace: own, labels: {",
      "name: app, namespace: own, labels: { a: b }, annotations: {",
      /has no app\.kubernetes\.io\/part-of/u,
    ],
  ],
};

describe("the rules for Kubernetes manifests", () => {
  it("say nothing about manifests that keep to them", () => {
    assert.deepEqual(policyOffences(parseManifests(compliant)), []);
  });

  it("each have a name of their own, a reason, and a test here", () => {
    assert.deepEqual(policyRules.map(({ name }) => name).sort(), Object.keys(breaks).sort());
    for (const { name, why } of policyRules) assert.ok(why.length > 20, name);
  });

  for (const [rule, cases] of Object.entries(breaks)) {
    for (const [from, to, said] of cases) {
      it(`${rule}: ${to.replace(/\s+/gu, " ").slice(0, 60)}`, () => {
        assert.ok(compliant.includes(from), `the manifests have no ${from}`);
        const offences = policyOffences(parseManifests(compliant.replace(from, to)));
        assert.ok(offences.length > 0, "nothing was said");
        for (const offence of offences) assert.ok(offence.startsWith(`${rule}: `), offence);
        assert.match(offences.join("\n"), said);
      });
    }
  }

  it("find a workload that no policy opens, and a policy that selects nothing", () => {
    const offences = policyOffences(
      parseManifests(
        compliant.replace(
          "podSelector: { matchLabels: { app.kubernetes.io/name: app } }",
          "podSelector: { matchLabels: { app.kubernetes.io/name: other } }",
        ),
      ),
    );
    assert.deepEqual(offences, [
      "network-policies: Deployment app has no policy: it reaches nothing",
      "references: NetworkPolicy app selects nothing",
    ]);
  });

  it("find a pod of the default account", () => {
    const offences = policyOffences(
      parseManifests(
        compliant.replace("serviceAccountName: app", "terminationGracePeriodSeconds: 9"),
      ),
    );
    assert.ok(
      offences.includes("service-account-tokens: Deployment app runs as the default account"),
    );
  });
});
