/**
 * What `--out influxdb` is told: an address in the argument, `http://user:password@host:8086/db?precision=us`, over
 * K6_INFLUXDB_… variables. With a token (K6_INFLUXDB_TOKEN) it is InfluxDB 2, which has buckets where 1 has databases.
 */
import { parseTagsAsFields } from "./fields.ts";
import type { FieldType, InfluxPrecision } from "./lines.ts";
import {
  badSetting,
  type Given,
  positiveDuration,
  positiveInteger,
  truthValue,
  type Variables,
} from "../variables.ts";

/** Where to in an InfluxDB, which differs between its versions. */
export type InfluxPlace =
  | {
      readonly version: 1;
      readonly database: string;
      readonly retention: string | undefined;
      readonly consistency: string | undefined;
    }
  | { readonly version: 2; readonly bucket: string; readonly organization: string | undefined };

export interface InfluxOptions {
  readonly place: InfluxPlace;
  /** Without credentials and query; its path is what stands before those of the API, and ends with a slash. */
  readonly address: URL;
  /** Undefined when nobody has to log in. */
  readonly authorization: string | undefined;
  readonly isInsecure: boolean;
  readonly pushIntervalMs: number;
  readonly concurrentWrites: number;
  readonly precision: InfluxPrecision;
  readonly tagsAsFields: ReadonlyMap<string, FieldType>;
}

const outputName = "influxdb";
const prefix = "K6_INFLUXDB_";

/** Variables, and the parameter of the address that means the same. */
const parameters: Readonly<Record<string, string>> = {
  insecure: "INSECURE",
  payload_size: "PAYLOAD_SIZE",
  precision: "PRECISION",
  retention: "RETENTION",
  consistency: "CONSISTENCY",
  pushInterval: "PUSH_INTERVAL",
  concurrentWrites: "CONCURRENT_WRITES",
  tagsAsFields: "TAGS_AS_FIELDS",
};

type Settings = ReadonlyMap<string, Given>;

/** @throws LakhError OUTPUT_ARGUMENT */
export function parseInfluxOptions(argument: string, env: Variables): InfluxOptions {
  const given = parseAddress(argument || env[`${prefix}ADDR`] || "http://localhost:8086");
  const settings = settingsOf(env, given.searchParams);
  refuseProxies(settings);
  const { address, lastSegment } = splitPath(given, {
    hasSegment: argument !== "" && !settings.has("BUCKET"),
  });
  const setting = <T>(name: string, parse: (output: string, given: Given) => T, or: T): T => {
    const found = settings.get(name);
    return found === undefined ? or : parse(outputName, found);
  };
  return {
    place: placeOf(settings, lastSegment),
    address,
    authorization: authorizationOf(given, settings),
    isInsecure: setting("INSECURE", truthValue, false),
    pushIntervalMs: setting("PUSH_INTERVAL", positiveDuration, 1_000),
    concurrentWrites: setting("CONCURRENT_WRITES", positiveInteger, 4),
    precision: setting("PRECISION", parsePrecision, "ns"),
    tagsAsFields: parseTagsAsFields(
      outputName,
      settings.get("TAGS_AS_FIELDS") ?? { text: "vu:int,iter:int,url", from: "" },
    ),
  };
}

function parseAddress(text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address?.protocol === "http:" || address?.protocol === "https:") return address;
  const hint =
    address?.protocol === "udp:"
      ? "lakh writes over HTTP, where it learns what has arrived: give http://host:8086/db, or use --runner k6"
      : "write it as in --out influxdb=http://localhost:8086/k6";
  throw badSetting(outputName, `"${withoutPassword(text)}" is no address of an InfluxDB`, hint);
}

function withoutPassword(text: string): string {
  return text.replace(/:[^:@/]*@/u, ":****@");
}

function settingsOf(env: Variables, query: URLSearchParams): Settings {
  const settings = new Map<string, Given>();
  for (const [key, text = ""] of Object.entries(env)) {
    if (!key.startsWith(prefix) || text === "") continue;
    settings.set(key.slice(prefix.length), { text, from: key });
  }
  for (const [key, text] of query) {
    const name = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (name === undefined)
      throw badSetting(
        outputName,
        `unknown query parameter: ${key}`,
        `known are ${Object.keys(parameters).join(", ")}`,
      );
    settings.set(name, { text, from: `${key} in its address` });
  }
  return settings;
}

function refuseProxies(settings: Settings): void {
  const proxy = settings.get("PROXY") ?? settings.get("HTTP_PROXY");
  if (proxy === undefined) return;
  throw badSetting(
    outputName,
    `${proxy.from} is set, and lakh does not write through a proxy`,
    "unset it to write directly, or use --runner k6",
  );
}

/** The last part of the path is the database, unless the path ends with a slash: then all of it stands before the API's. */
function splitPath(
  given: URL,
  { hasSegment }: { readonly hasSegment: boolean },
): { readonly address: URL; readonly lastSegment: string } {
  const address = new URL(given.origin);
  const path = given.pathname;
  const cutAt = hasSegment ? path.lastIndexOf("/") + 1 : path.length;
  address.pathname = path.slice(0, cutAt).replace(/\/*$/u, "/");
  return { address, lastSegment: decoded(path.slice(cutAt)) };
}

/** What is no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function placeOf(settings: Settings, lastSegment: string): InfluxPlace {
  const textOf = (name: string): string | undefined => settings.get(name)?.text;
  if (!settings.has("TOKEN")) {
    return {
      version: 1,
      database: lastSegment || textOf("DB") || "k6",
      retention: textOf("RETENTION"),
      consistency: textOf("CONSISTENCY"),
    };
  }
  const bucket = textOf("BUCKET") ?? lastSegment;
  if (bucket !== "") return { version: 2, bucket, organization: textOf("ORGANIZATION") };
  throw badSetting(
    outputName,
    `${prefix}TOKEN is set, so it is InfluxDB 2, but there is no bucket`,
    `set ${prefix}BUCKET and ${prefix}ORGANIZATION, or write --out influxdb=http://localhost:8086/bucket`,
  );
}

function authorizationOf(given: URL, settings: Settings): string | undefined {
  const token = settings.get("TOKEN");
  if (token !== undefined) return `Token ${token.text}`;
  const user = decoded(given.username) || (settings.get("USERNAME")?.text ?? "");
  const password = decoded(given.password) || (settings.get("PASSWORD")?.text ?? "");
  if (user === "") return undefined;
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

const precisions: Readonly<Record<string, InfluxPrecision>> = {
  n: "ns",
  ns: "ns",
  "1ns": "ns",
  u: "us",
  us: "us",
  µs: "us",
  "1us": "us",
  "1µs": "us",
  ms: "ms",
  "1ms": "ms",
  s: "s",
  "1s": "s",
};

function parsePrecision(output: string, { text, from }: Given): InfluxPrecision {
  const precision = Object.hasOwn(precisions, text) ? precisions[text] : undefined;
  if (precision !== undefined) return precision;
  throw badSetting(output, `${from} is "${text}"`, "give ns, us, ms or s");
}
