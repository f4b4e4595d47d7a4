/** Reads a description of an API, whichever of the three it is. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { OpenAPIV3 } from "openapi-types";
import { exitCodes, LakhError, reasonOf } from "../base/errors.ts";
import type { ApiDescription } from "./api.ts";
import type { ScaffoldErrorCode } from "./errors.ts";
import { readHar } from "./har.ts";
import { readOpenApi } from "./openapi.ts";
import { readPostman } from "./postman.ts";

export type ApiKind = "openapi" | "har" | "postman";

/**
 * @param path absolute path of the file
 * @param kind what it is; undefined to find out
 * @throws LakhError API_DESCRIPTION, API_DESCRIPTION_EMPTY
 */
export async function readApi(path: string, kind?: ApiKind): Promise<ApiDescription> {
  const text = await readText(path);
  const value = parseJson(text);
  const api = await readAs(kind ?? kindOf(value, text), { path, value });
  if (api.requests.length > 0) return api;
  throw new LakhError(
    "API_DESCRIPTION_EMPTY" satisfies ScaffoldErrorCode,
    `${basename(path)} (${api.format}) has no request to send`,
    {
      hint: api.notes.join(" ") || "record or describe some requests",
      exitCode: exitCodes.generic,
    },
  );
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw unreadable(path, reasonOf(cause), cause);
  }
}

/** Undefined for what is no JSON: OpenAPI may be YAML. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ""));
  } catch {
    return undefined;
  }
}

function kindOf(value: unknown, text: string): ApiKind | undefined {
  if (typeof value !== "object" || value === null)
    return /^\s*["']?(?:openapi|swagger)["']?\s*:/mu.test(text) ? "openapi" : undefined;
  if ("openapi" in value || "swagger" in value) return "openapi";
  if ("log" in value) return "har";
  return "info" in value && "item" in value ? "postman" : undefined;
}

async function readAs(
  kind: ApiKind | undefined,
  { path, value }: { path: string; value: unknown },
): Promise<ApiDescription> {
  if (kind === undefined)
    throw unreadable(path, "it is neither OpenAPI nor HAR nor a Postman collection");
  try {
    return kind === "openapi" ? readOpenApi(...(await parseOpenApi(path))) : readers[kind](value);
  } catch (cause) {
    throw unreadable(path, (cause as Error).message, cause);
  }
}

const readers = { har: readHar, postman: readPostman } as const;

type OpenApiParts = Parameters<typeof readOpenApi>;

async function parseOpenApi(path: string): Promise<OpenApiParts> {
  const [parser, sampler] = await Promise.all([
    import("@readme/openapi-parser"),
    import("openapi-sampler"),
  ]);
  const plain = await parser.parse(path);
  if (!("openapi" in plain))
    throw new Error("it is Swagger 2.0: convert it to OpenAPI 3 first (npx swagger2openapi)");
  const result = await parser.validate(path);
  if (!result.valid) throw new Error(result.errors.map(({ message }) => message).join("; "));
  const document = await parser.dereference(path, { dereference: { circular: "ignore" } });
  const sample = (schema: object): unknown =>
    sampler.sample(schema, { skipReadOnly: true, quiet: true }, document);
  return [document as OpenAPIV3.Document, sample];
}

function unreadable(path: string, reason: string, cause?: unknown): LakhError {
  return new LakhError(
    "API_DESCRIPTION" satisfies ScaffoldErrorCode,
    `cannot read ${basename(path)}: ${reason}`,
    {
      hint: "give an OpenAPI 3 description (YAML or JSON), a HAR file or a Postman collection v2; --kind says which it is",
      exitCode: exitCodes.generic,
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
