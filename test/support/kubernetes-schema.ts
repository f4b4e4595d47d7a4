/** Manifests held against Kubernetes' own schemas; where those come from: scripts/kubernetes-schema.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { repoRoot } from "./cli.ts";
import { type Manifest, nameOf } from "./kubernetes-manifest.ts";

const { kinds, definitions } = JSON.parse(
  readFileSync(join(repoRoot, "test", "fixtures", "kubernetes-schema.json"), "utf8"),
) as { kinds: Record<string, string>; definitions: object };
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
ajv.addSchema({ $id: "kubernetes", definitions });

/** What the API server would refuse, or drop without a word. */
export function schemaErrors(manifest: Manifest): string[] {
  const definition = kinds[`${manifest.apiVersion} ${manifest.kind}`];
  if (definition === undefined)
    return [
      `${nameOf(manifest)}: ${manifest.apiVersion} has no such kind, or it is not in the file`,
    ];
  const validate = ajv.getSchema(`kubernetes#/definitions/${definition}`)!;
  if (validate(manifest) === true) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${nameOf(manifest)}: ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
