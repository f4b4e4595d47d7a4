/**
 * A k6 script from an API description: a name tag and a check for each request, thresholds, think time, and environment
 * variables in place of secrets. Everything that comes from a description is written as a JavaScript literal: it is
 * data, and must stay data.
 */
import {
  type ApiDescription,
  type ApiRequest,
  type Body,
  type Json,
  type Text,
  Variable,
} from "./api.ts";

/** `source` is the file's name, for the first line. */
export function emitScript(api: ApiDescription, source: string): string {
  const blocks = api.requests.map(requestBlock);
  return `${comment(headLines(api, source))}
import http from "k6/http";
import { check, sleep } from "k6";

// No stages: lakh run makes one iteration; with --dau, or a config file, the load follows from the users.
export const options = {
  thresholds: {
    http_req_failed: ["rate<0.001"],
    http_req_duration: ["p(95)<300", "p(99)<500"],
    checks: ["rate>0.999"],
  },
};

${variableLines(api).join("\n")}

export default function () {
${blocks.join("\n\n")}

  // What users do between two visits.
  sleep(0.5 + Math.random());
}
`;
}

function headLines({ format, title, notes }: ApiDescription, source: string): string[] {
  return [
    `${title}: made by lakh from ${source} (${format}).`,
    "It sends every request once, in order. Make it do what your users do: values that differ from user to user,",
    "ids from earlier answers, requests that some users leave out.",
    ...notes,
  ];
}

/** Whatever a description holds, it cannot end a line comment. */
function comment(lines: readonly string[]): string {
  return lines.map((line) => `// ${oneLine(line)}`.trimEnd()).join("\n");
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

function variableLines({ baseUrl, variables }: ApiDescription): string[] {
  const url = literal((baseUrl ?? "http://127.0.0.1:4000").replace(/\/+$/u, ""));
  const secrets = variables.map(
    ({ name, meaning }) => `const ${name} = __ENV.${name} || ""; // ${oneLine(meaning)}`,
  );
  const told =
    secrets.length === 0
      ? []
      : [
          "",
          "// Secrets are not part of this script: set them with -e NAME=value, or as env in lakh.config.ts.",
          ...secrets,
        ];
  return [
    "// Give the address with -e BASE_URL=https://staging.example.com",
    `const baseUrl = __ENV.BASE_URL || ${url};`,
    ...told,
  ];
}

function requestBlock(request: ApiRequest): string {
  const { method, name, summary, status, pauseSeconds } = request;
  const title = `${method} ${name}`;
  const test = status === undefined ? "status is below 400" : `status is ${status}`;
  const condition =
    status === undefined ? "r.status > 0 && r.status < 400" : `r.status === ${status}`;
  const pause = pauseSeconds > 0 ? `\n  sleep(${Number(pauseSeconds.toFixed(1))});` : "";
  return `${indent(comment([summary === "" ? title : `${title}: ${summary}`]), 2)}
  {
    const response = ${call(request)};
    check(response, { ${literal(`${title}: ${test}`)}: (r) => ${condition} });
  }${pause}`;
}

/** Methods of k6/http by HTTP method; the others go through request(). */
const functions: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "head",
  POST: "post",
  PUT: "put",
  PATCH: "patch",
  DELETE: "del",
  OPTIONS: "options",
};

function call(request: ApiRequest): string {
  const { method, path } = request;
  const url = template([{ expression: "baseUrl" }, ...path]);
  const name = functions[method];
  const hasBody = method !== "GET" && method !== "HEAD";
  const args = [
    url,
    ...(hasBody ? [body(request.body)] : []),
    indent(params(request), 4).trimStart(),
  ];
  return name === undefined
    ? `http.request(${[literal(method), url, body(request.body), indent(params(request), 4).trimStart()].join(", ")})`
    : `http.${name}(${args.join(", ")})`;
}

function body(of: Body | undefined): string {
  switch (of?.kind) {
    case undefined:
      return "null";
    case "json":
      return `JSON.stringify(${indent(json(of.value), 4).trimStart()})`;
    case "form":
      return object(of.fields.map(([name, value]) => [name, template(value)]));
    case "text":
      return template(of.text);
  }
}

function params({ name, headers, status }: ApiRequest): string {
  const parts: (readonly [string, string])[] = [];
  if (headers.length > 0)
    parts.push(["headers", object(headers.map(([key, value]) => [key, template(value)]))]);
  // A redirect that is expected is an answer, and not the way to another one.
  if (status !== undefined && status >= 300 && status < 400) parts.push(["redirects", "0"]);
  parts.push(["tags", object([["name", literal(name)]])]);
  return parts.length === 1
    ? `{ tags: ${parts[0]![1]} }`
    : `{\n${parts.map(([key, value]) => `  ${key}: ${value},`).join("\n")}\n}`;
}

function object(entries: readonly (readonly [name: string, source: string])[]): string {
  return `{ ${entries.map(([name, source]) => `${literal(name)}: ${source}`).join(", ")} }`;
}

/** A piece that is the script's own, not a value. */
interface Expression {
  readonly expression: string;
}

/** A text as a string literal, a constant, or a template of both. */
function template(pieces: readonly (Text[number] | Expression)[]): string {
  const [first = "", ...rest] = pieces;
  if (rest.length === 0) return typeof first === "string" ? literal(first) : source(first);
  const parts = pieces.map((piece) =>
    typeof piece === "string"
      ? literal(piece)
          .slice(1, -1)
          .replace(/`|\$\{/gu, "\\$&")
      : `\${${source(piece)}}`,
  );
  return `\`${parts.join("")}\``;
}

function source(piece: Variable | Expression): string {
  return piece instanceof Variable ? piece.name : piece.expression;
}

function json(value: Json): string {
  if (value instanceof Variable) return value.name;
  if (Array.isArray(value)) return block("[]", (value as readonly Json[]).map(json));
  if (typeof value !== "object" || value === null) return literal(value);
  const fields = Object.entries(value).map(([key, inner]) => {
    // As a plain name it would set the prototype.
    const name = key === "__proto__" ? '["__proto__"]' : literal(key);
    return `${name}: ${json(inner)}`;
  });
  return block("{}", fields);
}

const longestLine = 80;

function block([open, close]: string | readonly string[], items: readonly string[]): string {
  if (items.length === 0) return `${open}${close}`;
  const line = items.join(", ");
  if (line.length <= longestLine && !line.includes("\n"))
    return open === "{" ? `{ ${line} }` : `[${line}]`;
  return `${open}\n${items.map((item) => `${indent(item, 2)},`).join("\n")}\n${close}`;
}

/** JSON is JavaScript but for the two line separators, which older engines take for line ends. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function indent(text: string, columns: number): string {
  return text.replace(/^(?=.)/gmu, " ".repeat(columns));
}
