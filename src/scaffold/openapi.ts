/**
 * An OpenAPI 3 description as requests: one an operation, with the examples that it gives, or values made after its
 * schemas. Operations that delete come last, because they take away what the others read.
 */
import type { OpenAPIV3, OpenAPIV3_1 } from "openapi-types";
import type { ApiDescription, ApiRequest, Body, Text } from "./api.ts";
import { SecretStore } from "./secrets.ts";

type Document = OpenAPIV3.Document | OpenAPIV3_1.Document;
type Operation = OpenAPIV3.OperationObject | OpenAPIV3_1.OperationObject;
type Parameter = OpenAPIV3.ParameterObject;
type Media = OpenAPIV3.MediaTypeObject;
type Sample = (schema: object) => unknown;

const methods = ["get", "post", "put", "patch", "head", "options", "delete"] as const;

/** `document` has no references any more, but for those that lead round in circles; `sample` makes a value of a schema. */
export function readOpenApi(document: Document, sample: Sample): ApiDescription {
  const secrets = new SecretStore();
  let deprecated = 0;
  const requests: ApiRequest[] = [];
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation: Operation | undefined = item?.[method];
      if (operation === undefined) continue;
      if (operation.deprecated === true) {
        deprecated++;
        continue;
      }
      const parameters = mergeParameters(item?.parameters, operation.parameters);
      const place = { method, path, operation, parameters, document };
      requests.push(toRequest(place, secrets, sample));
    }
  }
  const isDeletion = ({ method }: ApiRequest): boolean => method === "DELETE";
  return {
    format: `OpenAPI ${document.openapi}`,
    title: document.info.title,
    baseUrl: serverUrl(document),
    requests: [...requests.filter((each) => !isDeletion(each)), ...requests.filter(isDeletion)],
    variables: secrets.variables,
    notes: deprecated === 0 ? [] : [`Left out: ${deprecated} deprecated operations.`],
  };
}

interface Place {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
  readonly document: Document;
}

function toRequest(place: Place, secrets: SecretStore, sample: Sample): ApiRequest {
  const { method, path, operation, parameters } = place;
  const media = mediaOf(operation);
  const authorised = authorise(place, secrets);
  const required = parameters.filter((each) => each.required === true);
  const query = [
    ...required
      .filter((each) => each.in === "query")
      .map((each): [string, Text] => [each.name, [encode(valueOf(each, sample))]]),
    ...authorised.query,
  ];
  return {
    method: method.toUpperCase(),
    name: path,
    summary: operation.summary ?? operation.operationId ?? "",
    path: [fillPath(path, parameters, sample), ...queryText(query)],
    headers: [
      ...required
        .filter(
          (each) =>
            each.in === "header" && !/^(?:accept|content-type|authorization)$/iu.test(each.name),
        )
        .map((each): [string, Text] => [
          each.name,
          secrets.hide(each.name, valueOf(each, sample), "the header"),
        ]),
      ...authorised.headers,
      ...(media === undefined || isForm(media.type)
        ? []
        : [["Content-Type", [media.type]] as [string, Text]]),
    ],
    body: media === undefined ? undefined : bodyOf(media, secrets, sample),
    status: statusOf(operation),
    pauseSeconds: 1,
  };
}

function mergeParameters(shared: unknown, own: unknown): Parameter[] {
  const all = [
    ...((shared as Parameter[] | undefined) ?? []),
    ...((own as Parameter[] | undefined) ?? []),
  ];
  return [...new Map(all.map((each) => [`${each.in} ${each.name}`, each])).values()];
}

function fillPath(path: string, parameters: readonly Parameter[], sample: Sample): string {
  return path.replace(/\{([^}]+)\}/gu, (whole, name: string) => {
    const parameter = parameters.find((each) => each.in === "path" && each.name === name);
    return parameter === undefined ? whole : encode(valueOf(parameter, sample));
  });
}

function encode(text: string): string {
  return encodeURIComponent(text);
}

function queryText(query: readonly (readonly [string, Text])[]): Text {
  return query.flatMap(([name, value], index) => [
    `${index === 0 ? "?" : "&"}${encode(name)}=`,
    ...value,
  ]);
}

/** The example that the description gives, or a value made after the schema. */
function valueOf({ example, examples, schema, content }: Parameter, sample: Sample): string {
  const given: unknown = example ?? firstExample(examples);
  const inner = schema ?? Object.values(content ?? {})[0]?.schema;
  const value = given ?? (inner === undefined ? "1" : sample(inner));
  return typeof value === "object" && value !== null
    ? (Array.isArray(value) ? value : Object.values(value)).map(String).join(",")
    : String(value);
}

function firstExample(examples: Parameter["examples"] | Media["examples"]): unknown {
  return (Object.values(examples ?? {})[0] as OpenAPIV3.ExampleObject | undefined)?.value;
}

function mediaOf({ requestBody }: Operation): { type: string; media: Media } | undefined {
  const content = (requestBody as OpenAPIV3.RequestBodyObject | undefined)?.content ?? {};
  const types = Object.keys(content);
  const type = types.find((each) => /json/iu.test(each)) ?? types.find(isForm) ?? types[0];
  return type === undefined ? undefined : { type, media: content[type]! };
}

function isForm(type: string): boolean {
  return /form-urlencoded|form-data/iu.test(type);
}

function bodyOf(
  { type, media }: { type: string; media: Media },
  secrets: SecretStore,
  sample: Sample,
): Body | undefined {
  const given: unknown = media.example ?? firstExample(media.examples);
  const value = given ?? (media.schema === undefined ? undefined : sample(media.schema));
  if (value === undefined) return undefined;
  if (/json/iu.test(type)) return { kind: "json", value: secrets.hideInJson(value) };
  if (isForm(type) && typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([name, of]): [string, Text] => {
      const text = typeof of === "string" ? of : JSON.stringify(of);
      return [name, secrets.hide(name, text, "the field")];
    });
    return { kind: "form", fields };
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { kind: "text", text: secrets.hideTokens(text, "body", "the") };
}

/** The first success that is described. */
function statusOf({ responses }: Operation): number | undefined {
  const codes = Object.keys(responses ?? {}).filter((code) => /^[23]\d\d$/u.test(code));
  return codes.length === 0 ? undefined : Math.min(...codes.map(Number));
}

interface Authorisation {
  readonly headers: (readonly [string, Text])[];
  readonly query: (readonly [string, Text])[];
}

/** The first of the alternatives that the operation accepts; none when it accepts requests without. */
function authorise({ operation, document }: Place, secrets: SecretStore): Authorisation {
  const alternatives = operation.security ?? document.security ?? [];
  const found: Authorisation = { headers: [], query: [] };
  if (alternatives.some((each) => Object.keys(each).length === 0)) return found;
  const schemes = (document.components?.securitySchemes ?? {}) as Record<
    string,
    OpenAPIV3.SecuritySchemeObject
  >;
  for (const name of Object.keys(alternatives[0] ?? {})) {
    const scheme = schemes[name];
    if (scheme !== undefined) addScheme(scheme, found, secrets);
  }
  return found;
}

function addScheme(
  scheme: OpenAPIV3.SecuritySchemeObject,
  found: Authorisation,
  secrets: SecretStore,
): void {
  if (scheme.type === "apiKey") {
    const variable = secrets.take(scheme.name, "", `the API key ${scheme.name}`);
    if (scheme.in === "query") found.query.push([scheme.name, [variable]]);
    else if (scheme.in === "cookie") found.headers.push(["Cookie", [`${scheme.name}=`, variable]]);
    else found.headers.push([scheme.name, [variable]]);
  } else if (scheme.type === "http" && /^basic$/iu.test(scheme.scheme)) {
    const variable = secrets.take("BASIC_CREDENTIALS", "", "user:password in Base64");
    found.headers.push(["Authorization", ["Basic ", variable]]);
  } else {
    found.headers.push([
      "Authorization",
      ["Bearer ", secrets.take("TOKEN", "", "the bearer token")],
    ]);
  }
}

/** The first server, its variables at their defaults; undefined for one that names no host. */
function serverUrl({ servers }: Document): string | undefined {
  const server = servers?.[0];
  if (server === undefined) return undefined;
  const url = server.url.replace(
    /\{([^}]+)\}/gu,
    (whole, name: string) => server.variables?.[name]?.default ?? whole,
  );
  if (/^https?:\/\//iu.test(url)) return url;
  return url === "/" ? undefined : `http://127.0.0.1:4000/${url.replace(/^\/+/u, "")}`;
}
