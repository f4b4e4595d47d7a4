/**
 * `--secret-source`, read into plain data that worker threads can be given: `file=…`, `mock=…`, `url=…`, each with `name=` and
 * `default`. Files are read here, once. Error texts are k6's.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { exitCodes, LakhError } from "../base/errors.ts";
import { readUrlConfig, type UrlConfig } from "./url-config.ts";

/** One source of secrets. */
export type SecretSource = {
  readonly name: string;
  readonly isDefault: boolean;
} & (
  | { readonly kind: "values"; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: "url"; readonly config: UrlConfig }
);

export interface SecretEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * The sources of a run. A single one is the default without saying so.
 * @throws LakhError SECRET_SOURCE
 */
export function parseSecretSources(
  texts: readonly string[],
  environment: SecretEnvironment,
): readonly SecretSource[] {
  const sources: SecretSource[] = [];
  for (const text of texts) {
    const source = parseSource(text, environment);
    if (sources.some(({ name }) => name === source.name))
      throw refuse(
        `secret source for name "${source.name}" already registered before configuration "${text}"`,
      );
    if (source.isDefault && sources.some(({ isDefault }) => isDefault))
      throw refuse(
        `can't have two secret sources that are default ones, second one was "${settingsOf(text)}"`,
      );
    sources.push(source);
  }
  const [only, ...others] = sources;
  return only !== undefined && others.length === 0 ? [{ ...only, isDefault: true }] : sources;
}

/** What is left of a configuration without its type, name and mark. */
function settingsOf(text: string): string {
  const parts = text.slice(text.indexOf("=") + 1).split(",");
  return parts.filter((part) => part !== "default" && !part.startsWith("name=")).join(",");
}

function parseSource(text: string, environment: SecretEnvironment): SecretSource {
  const [type = "", ...rest] = text.split("=");
  if (type === "") throw refuse(`couldn't parse secret source configuration "${text}"`);
  let name = type;
  let isDefault = false;
  const parts: string[] = [];
  for (const part of rest.join("=").split(",")) {
    if (part === "default") isDefault = true;
    else if (part.startsWith("name=")) name = part.slice("name=".length);
    else parts.push(part);
  }
  switch (type) {
    case "file":
      return { name, isDefault, kind: "values", values: fileValues(parts, environment) };
    case "mock":
      return { name, isDefault, kind: "values", values: Object.fromEntries(parts.map(toPair)) };
    case "url":
      return { name, isDefault, kind: "url", config: urlConfig(parts, environment) };
    default:
      throw refuse(`no secret source for type "${type}" for configuration "${text}"`);
  }
}

function fileValues(
  parts: readonly string[],
  { cwd }: SecretEnvironment,
): Readonly<Record<string, string>> {
  let path = "";
  for (const part of parts) {
    const at = part.indexOf("=");
    if (at < 0) path = part;
    else if (part.slice(0, at) === "filename") path = part.slice(at + 1);
    else throw refuse(`unknown configuration key for file secret source "${part.slice(0, at)}"`);
  }
  const lines = readText(path, cwd).split(/\r?\n/u);
  if (lines.at(-1) === "") lines.pop();
  return Object.fromEntries(lines.map(toPair));
}

function readText(path: string, cwd: string): string {
  try {
    if (path === "") throw Object.assign(new Error("no path"), { code: "ENOENT" });
    return readFileSync(resolve(cwd, path), "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw refuse(`open ${path}: ${code === "ENOENT" ? "no such file or directory" : message}`);
  }
}

function toPair(line: string): [string, string] {
  const at = line.indexOf("=");
  if (at < 0) throw refuse(`parsing "${line}", needs =`);
  return [line.slice(0, at), line.slice(at + 1)];
}

function urlConfig(parts: readonly string[], { env, cwd }: SecretEnvironment): UrlConfig {
  try {
    return readUrlConfig(parts, {
      env,
      readFile: (path) => readFileSync(resolve(cwd, path), "utf8"),
    });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw refuse(`missing or invalid config: ${cause.message}`);
  }
}

function refuse(message: string): LakhError {
  return new LakhError("SECRET_SOURCE", message, {
    hint: "for example --secret-source=file=secrets.env, a file with a line name=value for each secret",
    exitCode: exitCodes.generic,
  });
}
