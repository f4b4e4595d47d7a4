/** The schemas that manifests are held against refuse what an API server would. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseManifests } from "../../support/kubernetes-manifest.ts";
import { schemaErrors } from "../../support/kubernetes-schema.ts";

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: app }
spec:
  selector: { matchLabels: { app: app } }
  template:
    metadata: { labels: { app: app } }
    spec:
      containers:
        - name: app
          image: app
          imagePullPolicy: Always
          ports: [{ containerPort: 80 }]
          resources: { limits: { cpu: 1, memory: 1Gi } }
          readinessProbe: { httpGet: { path: /, port: http } }
          securityContext: { readOnlyRootFilesystem: true }
`;

/** What is said of the deployment with `from` replaced by `to`. */
function errorsAfter(from: string, to: string): string {
  assert.ok(deployment.includes(from));
  return parseManifests(deployment.replace(from, to)).flatMap(schemaErrors).join("\n");
}

describe("the schemas of Kubernetes", () => {
  it("take a manifest that is right", () => {
    assert.equal(errorsAfter("cpu: 1", "cpu: 500m"), "");
  });

  it("refuse a field that does not exist, which the API server would drop without a word", () => {
    assert.match(
      errorsAfter("readOnlyRootFilesystem", "readOnlyRootFileSystem"),
      /readOnlyRootFileSystem/u,
    );
  });

  it("refuse a value of another type", () => {
    assert.match(errorsAfter("containerPort: 80", 'containerPort: "80"'), /must be integer/u);
  });

  it("refuse an object without a field that it must have", () => {
    assert.match(
      errorsAfter("- name: app", "- command: [app]"),
      /must have required property 'name'/u,
    );
  });

  it("refuse a value that is none of those named", () => {
    assert.match(
      errorsAfter("imagePullPolicy: Always", "imagePullPolicy: Sometimes"),
      /must be equal to one of/u,
    );
  });

  it("refuse a kind, or a version of it, that does not exist", () => {
    assert.match(errorsAfter("apps/v1", "apps/v1beta1"), /no such kind/u);
    assert.match(errorsAfter("kind: Deployment", "kind: Deploiment"), /no such kind/u);
  });
});
