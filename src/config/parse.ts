/** A value that a config file exports, checked and resolved. */
import { dirname, isAbsolute, resolve } from "node:path";
import * as z from "zod";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { DemandInput } from "../plan/index.ts";
import type { ConfigErrorCode } from "./errors.ts";
import { describeFaults } from "./faults.ts";
import type { ResolvedConfig } from "./resolved.ts";
import { configSchema } from "./schema.ts";

const mostFaultsShown = 10;

/**
 * @param file absolute path of the config file: paths in it are relative to its folder
 * @throws LakhError LAKH_CONFIG_INVALID, with a line for each field that is wrong
 */
export function parseConfig(value: unknown, file: string): ResolvedConfig {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) throw invalid(describeFaults(parsed.error.issues, value, fieldsAt), file);
  const { script, audience, ...rest } = parsed.data;
  return {
    ...rest,
    file,
    script: script === undefined ? undefined : place(script, file),
    audience: onlyGiven(audience),
  };
}

/** The config file's JSON schema (draft 2020-12), for editors and for the reference page. */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" });
}

function place(script: string, file: string): string {
  return script.startsWith("https://") || isAbsolute(script)
    ? script
    : resolve(dirname(file), script);
}

function onlyGiven(audience: Record<string, number | undefined>): Partial<DemandInput> {
  return Object.fromEntries(Object.entries(audience).filter(([, value]) => value !== undefined));
}

function invalid(faults: readonly string[], file: string): LakhError {
  const shown = faults.slice(0, mostFaultsShown);
  if (faults.length > shown.length) shown.push(`and ${faults.length - shown.length} more`);
  const lines = shown.map((fault) => `\n  ${fault}`).join("");
  return new LakhError(
    "LAKH_CONFIG_INVALID" satisfies ConfigErrorCode,
    `${file} is not valid:${lines}`,
    {
      hint: "every field, with its unit and default, is in docs/reference/config.md",
      exitCode: exitCodes.invalidConfig,
    },
  );
}

/** Names of the fields that an object at this place may have, from the JSON schema. */
function fieldsAt(path: readonly PropertyKey[]): string[] {
  let nodes: z.core.JSONSchema.BaseSchema[] = [configJsonSchema()];
  for (const key of path) nodes = nodes.flatMap((node) => childrenOf(node, key));
  return [
    ...new Set(nodes.flatMap(variantsOf).flatMap((node) => Object.keys(node.properties ?? {}))),
  ];
}

function childrenOf(
  node: z.core.JSONSchema.BaseSchema,
  key: PropertyKey,
): z.core.JSONSchema.BaseSchema[] {
  return variantsOf(node).flatMap((each) => {
    const child =
      typeof key === "number"
        ? each.items
        : (each.properties?.[String(key)] ?? each.additionalProperties);
    return typeof child === "object" && !Array.isArray(child)
      ? [child as z.core.JSONSchema.BaseSchema]
      : [];
  });
}

function variantsOf(node: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema[] {
  return node.anyOf === undefined
    ? [node]
    : (node.anyOf as z.core.JSONSchema.BaseSchema[]).flatMap(variantsOf);
}
