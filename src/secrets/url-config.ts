/**
 * The settings of a secret source of type url. Three layers, low to high: variables `K6_SECRET_SOURCE_URL_…`, the JSON file of
 * `config=…`, the pairs of the flag. Faults are thrown as TypeErrors in k6's words; the caller says of what.
 */
import { parseDurationMs } from "../base/units.ts";

export interface UrlConfig {
  /** Holds `{key}`. */
  readonly urlTemplate: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where in a JSON response the secret is; the whole response when empty. */
  readonly responsePath: string;
  readonly timeoutMs: number;
  readonly requestsPerMinuteLimit: number;
  readonly requestsBurst: number;
  readonly maxRetries: number;
  readonly retryBackoffMs: number;
}

/** What the settings are read from. */
export interface UrlConfigInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

type Settings = Record<string, unknown>;

const defaults: Settings = {
  method: "GET",
  responsePath: "",
  timeout: "30s",
  requestsPerMinuteLimit: 300,
  requestsBurst: 10,
  maxRetries: 3,
  retryBackoff: "1s",
};

const keys: readonly string[] = ["urlTemplate", ...Object.keys(defaults)];
const envPrefix = "K6_SECRET_SOURCE_URL_";
const envHeaderPrefix = `${envPrefix}HEADER_`;

export function readUrlConfig(parts: readonly string[], input: UrlConfigInput): UrlConfig {
  const headers: Record<string, string> = {};
  const inline: Settings = {};
  let file: Settings = {};
  for (const part of parts.filter((text) => text !== "")) {
    const at = part.indexOf("=");
    if (at < 0) throw new TypeError(`invalid config format "${part}", expected key=value`);
    const key = part.slice(0, at);
    const value = part.slice(at + 1);
    if (key === "config") file = readFileSettings(value, input);
    else if (key.startsWith("headers.")) headers[key.slice("headers.".length)] = value;
    else if (keys.includes(key)) inline[key] = value;
    else throw new TypeError(`unknown configuration key: "${key}"`);
  }
  const fromEnv = readEnv(input.env);
  const settings = { ...defaults, ...fromEnv.settings, ...file, ...inline };
  const fileHeaders = (file["headers"] ?? {}) as Record<string, string>;
  return toConfig(settings, { ...fromEnv.headers, ...fileHeaders, ...headers });
}

function readFileSettings(path: string, { readFile }: UrlConfigInput): Settings {
  let text: string;
  try {
    text = readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "no such file or directory" : message;
    throw new TypeError(`failed to open config file: open ${path}: ${reason}`, { cause });
  }
  try {
    return JSON.parse(text) as Settings;
  } catch (cause) {
    throw new TypeError(`failed to parse config file: ${(cause as Error).message}`, { cause });
  }
}

function readEnv(env: UrlConfigInput["env"]): {
  settings: Settings;
  headers: Record<string, string>;
} {
  const settings: Settings = {};
  const headers: Record<string, string> = {};
  for (const key of keys) {
    const value = env[envPrefix + key.replaceAll(/[A-Z]/gu, "_$&").toUpperCase()];
    if (value !== undefined) settings[key] = value;
  }
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(envHeaderPrefix) && value !== undefined)
      headers[name.slice(envHeaderPrefix.length).replaceAll("_", "-")] = value;
  }
  return { settings, headers };
}

function toConfig(settings: Settings, headers: Record<string, string>): UrlConfig {
  const config: UrlConfig = {
    urlTemplate: checkedTemplate(settings["urlTemplate"]),
    method: String(settings["method"]) || "GET",
    headers,
    responsePath: String(settings["responsePath"]),
    timeoutMs: duration(settings, "timeout"),
    requestsPerMinuteLimit: integer(settings, "requestsPerMinuteLimit"),
    requestsBurst: integer(settings, "requestsBurst"),
    maxRetries: integer(settings, "maxRetries"),
    retryBackoffMs: duration(settings, "retryBackoff"),
  };
  const positive = {
    timeout: config.timeoutMs,
    requestsPerMinuteLimit: config.requestsPerMinuteLimit,
    requestsBurst: config.requestsBurst,
  };
  for (const [name, value] of Object.entries(positive))
    if (value <= 0) throw new TypeError(`${name} must be greater than 0`);
  if (config.maxRetries < 0) throw new TypeError("maxRetries must be non-negative");
  return config;
}

function checkedTemplate(value: unknown): string {
  if (typeof value !== "string" || value === "") throw new TypeError("urlTemplate is required");
  if (!value.includes("{key}")) throw new TypeError("urlTemplate must contain {key} placeholder");
  const sample = value.replaceAll("{key}", "test");
  if (!URL.canParse(sample)) {
    throw new TypeError(
      `urlTemplate is not a valid URL: parse "${sample}": missing protocol scheme`,
    );
  }
  return value;
}

function duration(settings: Settings, name: string): number {
  const text = String(settings[name]);
  const durationMs = text === "0" ? 0 : parseDurationMs(text);
  if (durationMs === undefined || /^-?[\d.]+$/u.test(text) !== (text === "0"))
    throw new TypeError(`invalid ${name}: time: invalid duration "${text}"`);
  return durationMs;
}

function integer(settings: Settings, name: string): number {
  const text = String(settings[name]);
  if (!/^[+-]?\d+$/u.test(text)) throw new TypeError(`invalid ${name}: expected integer`);
  return Number(text);
}
