/**
 * A Postman collection (v2.0, v2.1) as requests, folders in order. The collection's own variables are put in; those that
 * it does not define, and what authorises, become environment variables. Its scripts are not carried over.
 */
import * as z from "zod";
import type { ApiDescription, ApiRequest, Body, Text } from "./api.ts";
import { hideHeader, hideQuery, textBody } from "./har.ts";
import { endpointName } from "./paths.ts";
import { SecretStore, variableName } from "./secrets.ts";
import { checkShape } from "./shape.ts";

const text = z.string();
const scalar = z.union([text, z.number(), z.boolean(), z.null()]).optional();
const pair = z.looseObject({
  key: text.nullish(),
  value: scalar,
  disabled: z.boolean().optional(),
});
const url = z.union([
  text,
  z.looseObject({ raw: text.optional(), variable: z.array(pair).optional() }),
]);
/** v2.1 lists an authorisation's fields, v2.0 has an object of them. */
const auth = z.looseObject({ type: text }).nullish();

const request = z.looseObject({
  method: text.optional(),
  url: url.optional(),
  header: z.union([z.array(pair), text]).nullish(),
  body: z
    .looseObject({
      mode: text.optional(),
      raw: text.optional(),
      urlencoded: z.array(pair).optional(),
      formdata: z.array(pair).optional(),
      graphql: z.looseObject({ query: text.optional(), variables: z.unknown() }).optional(),
    })
    .nullish(),
  auth,
});

interface Item {
  readonly name?: string | undefined;
  readonly item?: readonly Item[] | undefined;
  readonly request?: z.infer<typeof request> | string | undefined;
  readonly auth?: z.infer<typeof auth>;
  readonly event?: readonly unknown[] | undefined;
  readonly response?: readonly { readonly code?: number | null | undefined }[] | null | undefined;
}

const item: z.ZodType<Item> = z.looseObject({
  name: text.optional(),
  get item() {
    return z.array(item).optional();
  },
  request: z.union([text, request]).optional(),
  auth,
  event: z.array(z.unknown()).optional(),
  response: z.array(z.looseObject({ code: z.number().nullish() })).nullish(),
});

const postmanShape = z.looseObject({
  info: z.looseObject({ name: text, schema: text.optional() }),
  item: z.array(item),
  variable: z.array(pair).optional(),
  auth,
});

type Collection = z.infer<typeof postmanShape>;
type Request = z.infer<typeof request>;

/** @throws Error when the value is no collection */
export function readPostman(value: unknown): ApiDescription {
  const collection = checkShape(postmanShape, value);
  const reader = new PostmanReader(collection);
  const requests = reader.requestsOf(collection.item, collection.auth);
  return {
    format: "Postman collection",
    title: collection.info.name,
    baseUrl: reader.baseUrl,
    requests,
    variables: reader.secrets.variables,
    notes: reader.notes(),
  };
}

class PostmanReader {
  readonly secrets: SecretStore = new SecretStore();
  baseUrl: string | undefined;
  readonly #variables: ReadonlyMap<string, string>;
  readonly #otherHosts = new Set<string>();
  #scripts = 0;
  #hasMultipart = false;

  constructor({ variable = [] }: Collection) {
    const given = variable.filter(({ value: of }) => of !== undefined && of !== null && of !== "");
    this.#variables = new Map(given.map(({ key, value: of }) => [key ?? "", String(of)]));
  }

  notes(): string[] {
    const scripts =
      this.#scripts === 0
        ? []
        : ["The collection's own scripts (pre-request, tests) are not part of it."];
    const hosts =
      this.#otherHosts.size === 0
        ? []
        : [
            `Left out: requests to other hosts than the first one (${[...this.#otherHosts].join(", ")}).`,
          ];
    const forms = this.#hasMultipart
      ? ["Multipart forms are sent URL-encoded: use http.file() of k6/http where files matter."]
      : [];
    return [...scripts, ...hosts, ...forms];
  }

  requestsOf(items: readonly Item[], inherited: z.infer<typeof auth>): ApiRequest[] {
    return items.flatMap((each) => {
      const { item: inner, request: own, event = [] } = each;
      this.#scripts += event.length;
      const applied = each.auth ?? inherited;
      const here = own === undefined ? undefined : this.#toRequest(own, each, applied);
      return [...(here === undefined ? [] : [here]), ...this.requestsOf(inner ?? [], applied)];
    });
  }

  #toRequest(
    own: Request | string,
    { name = "", response }: Item,
    inherited: z.infer<typeof auth>,
  ): ApiRequest | undefined {
    const given: Request = typeof own === "string" ? { url: own } : own;
    const place = this.#place(given.url);
    if (place === undefined) return undefined;
    const codes = (response ?? []).map(({ code }) => code ?? 0);
    const headers = this.#headersOf(given);
    const authorised = given.auth ?? inherited;
    const has = (name: string): boolean =>
      headers.some(([key]) => key.toLowerCase() === name.toLowerCase());
    return {
      method: (given.method ?? "GET").toUpperCase(),
      name: place.name,
      summary: name,
      path: [...place.path, ...this.#authQuery(authorised, place.hasQuery)],
      headers: [
        ...headers,
        ...[...this.#authHeaders(authorised), ...contentType(given.body)].filter(
          ([key]) => !has(key),
        ),
      ],
      body: this.#body(given.body),
      status: codes.find((code) => code >= 200 && code < 400),
      pauseSeconds: 1,
    };
  }

  #headersOf({ header }: Request): [string, Text][] {
    if (!Array.isArray(header)) return [];
    const used = header.filter(({ key, disabled }) => disabled !== true && key);
    return used.map(({ key, value }) => {
      const name = key ?? "";
      const hide = (filled: string): Text => hideHeader(name, filled, this.secrets);
      return [name, this.#text(String(value ?? ""), hide)];
    });
  }

  #authQuery(of: z.infer<typeof auth>, hasQuery: boolean): Text {
    const key = of?.type === "apikey" && fieldOf(of, "in") === "query" ? fieldOf(of, "key") : "";
    if (key === undefined || key === "") return [];
    const name = encodeURIComponent(key);
    return [`${hasQuery ? "&" : "?"}${name}=`, this.secrets.take(key, "", `the API key ${key}`)];
  }

  /** Where a request goes, below the address of the first one; undefined for another host, and for no URL. */
  #place(of: Request["url"]): { name: string; path: Text; hasQuery: boolean } | undefined {
    const raw = this.#fill(typeof of === "string" ? of : (of?.raw ?? ""));
    const [, base = "", rest = ""] = addressShape.exec(raw) ?? [];
    if (raw === "" || !this.#isOurs(base)) return undefined;
    const [path, query = ""] = split(rest, "?");
    const search = query === "" ? "" : `?${query}`;
    const filled = this.#fillSegments(path, typeof of === "object" ? of.variable : []) || "/";
    return {
      name: nameOf(path),
      path: [
        ...this.#text(filled, (piece) => this.secrets.hideTokens(piece, "path", "the")),
        ...this.#text(search, (piece) => hideQuery(piece, this.secrets)),
      ],
      hasQuery: search !== "",
    };
  }

  /** The first address is the target's. One that nobody defined, {{baseUrl}}, is the base URL, too. */
  #isOurs(base: string): boolean {
    if (base === "" || base.startsWith("{{")) return true;
    const origin = withScheme(base);
    this.baseUrl ??= origin;
    if (origin !== this.baseUrl) this.#otherHosts.add(origin);
    return origin === this.baseUrl;
  }

  /** "/pets/:id" with the value that the collection has for it. */
  #fillSegments(path: string, variables: readonly z.infer<typeof pair>[] = []): string {
    const values = new Map(
      variables.map(({ key, value }) => [key, this.#fill(String(value ?? ""))]),
    );
    return path.replace(segmentVariable, (whole, key: string) => values.get(key) || whole);
  }

  #body(of: Request["body"]): Body | undefined {
    if (of?.mode === "raw") return this.#rawBody(of.raw ?? "");
    if (of?.mode === "urlencoded") return this.#formBody(of.urlencoded);
    if (of?.mode === "formdata") {
      this.#hasMultipart = true;
      return this.#formBody(of.formdata);
    }
    return of?.mode === "graphql" ? this.#graphqlBody(of.graphql) : undefined;
  }

  #graphqlBody(of: { query?: string | undefined; variables?: unknown } = {}): Body {
    const { query = "", variables } = of;
    const isText = typeof variables === "string" && variables !== "";
    const inner: unknown = isText ? JSON.parse(variables) : variables;
    return { kind: "json", value: this.secrets.hideInJson({ query, variables: inner ?? {} }) };
  }

  #formBody(pairs: readonly z.infer<typeof pair>[] = []): Body {
    const fields = pairs.filter(({ disabled }) => disabled !== true);
    return {
      kind: "form",
      fields: fields.map(({ key, value }): [string, Text] => {
        const name = key ?? "";
        const hide = (piece: string): Text => this.secrets.hide(name, piece, "the field");
        return [name, this.#text(String(value ?? ""), hide)];
      }),
    };
  }

  /** Text with variables that nobody defined is no JSON that could be read. */
  #rawBody(raw: string): Body | undefined {
    const filled = this.#fill(raw);
    if (!filled.includes("{{")) return textBody(filled, this.secrets);
    return {
      kind: "text",
      text: this.#text(filled, (piece) => this.secrets.hideTokens(piece, "body", "the")),
    };
  }

  #authHeaders(of: z.infer<typeof auth>): [string, Text][] {
    if (of === undefined || of === null) return [];
    switch (of.type) {
      case "noauth":
        return [];
      case "apikey": {
        const key = fieldOf(of, "key") ?? "X-API-Key";
        return fieldOf(of, "in") === "query"
          ? []
          : [[key, [this.secrets.take(key, "", `the header ${key}`)]]];
      }
      case "basic":
        return [
          [
            "Authorization",
            ["Basic ", this.secrets.take("BASIC_CREDENTIALS", "", "user:password in Base64")],
          ],
        ];
      case "bearer":
      case "oauth2":
      case "jwt":
        return [["Authorization", ["Bearer ", this.secrets.take("TOKEN", "", "the bearer token")]]];
      default:
        return [
          [
            "Authorization",
            [this.secrets.take("AUTHORIZATION", "", `the header Authorization (${of.type})`)],
          ],
        ];
    }
  }

  #fill(raw: string): string {
    return raw.replace(
      /\{\{([^}]+)\}\}/gu,
      (whole, key: string) => this.#variables.get(key.trim()) ?? whole,
    );
  }

  /** Variables that the collection does not define stand in the environment; the rest goes through `hide`. */
  #text(raw: string, hide: (piece: string) => Text): Text {
    const filled = this.#fill(raw);
    if (!undefinedVariable.test(filled)) return filled === "" ? [] : hide(filled);
    return filled.split(/(\{\{[^}]+\}\})/u).flatMap((piece): Text => {
      const key = undefinedVariable.exec(piece)?.[1]?.trim();
      if (key === undefined)
        return piece === "" ? [] : this.secrets.hideTokens(piece, "text", "the");
      return [this.secrets.take(variableName(key), "", `the collection's variable ${key}`)];
    });
  }
}

/** Address, or the variable that stands for it; then path and query. */
const addressShape = /^(\{\{[^}]+\}\}|[a-z]+:\/\/[^/?#]*|[^/?#{]*)([^#]*)/iu;
const segmentVariable = /(?<=\/):([\w-]+)/gu;

function nameOf(path: string): string {
  return endpointName(path.replace(segmentVariable, "{$1}").replace(/\{\{([^}]+)\}\}/gu, "{$1}"));
}

const undefinedVariable = /\{\{([^}]+)\}\}/u;

function fieldOf(of: object, name: string): string | undefined {
  const { type } = of as { type: string };
  const fields = (of as Record<string, unknown>)[type];
  const found: unknown = Array.isArray(fields)
    ? (fields as { key?: unknown; value?: unknown }[]).find(({ key }) => key === name)?.value
    : (fields as Record<string, unknown> | undefined)?.[name];
  return typeof found === "string" ? found : undefined;
}

/** Postman sends JSON as such without a header that says so. */
function contentType(of: Request["body"]): [string, Text][] {
  const isJson = of?.mode === "graphql" || (of?.mode === "raw" && /^\s*[[{]/u.test(of.raw ?? ""));
  return isJson ? [["Content-Type", ["application/json"]]] : [];
}

function withScheme(base: string): string {
  return /^[a-z]+:\/\//iu.test(base) ? base : `http://${base}`;
}

function split(whole: string, separator: string): [before: string, after?: string] {
  const at = whole.indexOf(separator);
  return at < 0 ? [whole] : [whole.slice(0, at), whole.slice(at + 1)];
}
