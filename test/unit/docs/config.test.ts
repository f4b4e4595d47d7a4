/** The reference page of the config file names every field that the schema has, and no other; the schema is published. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { configJsonSchema } from "../../../src/config/index.ts";
import { repoRoot } from "../../support/cli.ts";
import { assertPublished } from "../../support/published-schema.ts";

interface Schema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
  readonly anyOf?: readonly Schema[];
}

/** Paths of the fields without fields of their own, and of those that are more than their fields. */
function paths(schema: Schema, path = ""): string[] {
  const below = [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
      paths(field, path === "" ? name : `${path}.${name}`),
    ),
    ...(schema.items === undefined ? [] : paths(schema.items, `${path}[]`)),
    ...(schema.anyOf ?? []).flatMap((each) => paths(each, path)),
    ...(hasFields(schema.additionalProperties)
      ? paths(schema.additionalProperties, `${path}.<name>`)
      : []),
  ];
  return [...new Set([...below, path])].filter((each) => !each.endsWith("[]"));
}

const hasFields = (schema: Schema | false | undefined): schema is Schema =>
  schema !== undefined && schema !== false && schema.properties !== undefined;

it("config.md names every field of the config file, and no other", () => {
  const known = paths(configJsonSchema() as Schema);
  const documented = readFileSync(join(repoRoot, "docs", "reference", "config.md"), "utf8")
    .split("\n## Fields\n")[1]!
    .split("\n")
    .flatMap((line) => /^\| `([^`]+)` +\|/u.exec(line)?.[1] ?? []);
  assert.deepEqual(
    documented.filter((path) => !known.includes(path)),
    [],
    "fields that do not exist",
  );
  const isInner = (path: string): boolean => path.startsWith("phases[].objectives.");
  // A field stands in the table itself, or is an object or a list all of whose fields do.
  const isCovered = (path: string): boolean =>
    documented.includes(path) ||
    documented.some((each) => each.startsWith(`${path}.`) || each.startsWith(`${path}[]`));
  assert.deepEqual(
    known.filter((path) => path !== "" && !isInner(path) && !isCovered(path)),
    [],
    "fields that are not documented",
  );
});

it("config.schema.json is the schema of the config file", () => {
  assertPublished("config.schema.json", configJsonSchema());
});
