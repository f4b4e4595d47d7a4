/** What scripts say about a gRPC connection and about a call, checked in k6's words. */
import type { TagSet } from "../../metrics/index.ts";
import { parseDurationMs } from "../../base/units.ts";
import type { VuContext } from "../context.ts";
import { GoError } from "../errors.ts";
import { goTypeOf } from "../go-types.ts";
import { withCustomTags } from "../tags.ts";
import { textOf } from "../text.ts";

/** Certificates of one connection. */
export interface GrpcTls {
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly password: string | undefined;
  readonly cacerts: readonly string[] | undefined;
}

/** Params of connect, read. */
export interface ConnectParams {
  readonly isPlaintext: boolean;
  readonly timeoutMs: number;
  readonly usesReflection: boolean;
  readonly reflectMetadata: Metadata;
  readonly maxReceiveBytes: number;
  readonly maxSendBytes: number;
  readonly tls: GrpcTls | undefined;
  readonly authority: string;
}

/** Params of a call, read. */
export interface CallParams {
  readonly metadata: Metadata;
  readonly tags: TagSet;
  /** 0: k6's own limit. */
  readonly timeoutMs: number;
  readonly discardsResponse: boolean;
}

/** Metadata to send; a Uint8Array for keys that end in -bin. */
export type Metadata = readonly (readonly [key: string, value: string | Uint8Array])[];

const defaultConnectTimeoutMs = 60_000;
/** gRPC's own limit on what is received. */
const defaultMaxReceiveBytes = 4 * 1024 * 1024;
const defaultMaxSendBytes = 2 ** 31 - 1;

type Given = Readonly<Record<string, unknown>>;

/** @throws GoError */
export function readConnectParams(params: unknown): ConnectParams {
  return within("invalid grpc.connect() parameters: ", () => {
    const given = toObject(params);
    for (const key of Object.keys(given))
      if (!connectKeys.has(key)) fail(`unknown connect param: ${JSON.stringify(key)}`);
    return {
      isPlaintext: readFlag(given, "plaintext"),
      timeoutMs: readTimeout(given["timeout"]) ?? defaultConnectTimeoutMs,
      usesReflection: readFlag(given, "reflect"),
      reflectMetadata: readMetadata(given["reflectMetadata"], "reflectMetadata"),
      maxReceiveBytes: readSize(given, "maxReceiveSize") ?? defaultMaxReceiveBytes,
      maxSendBytes: readSize(given, "maxSendSize") ?? defaultMaxSendBytes,
      tls: readTls(given["tls"]),
      authority: readAuthority(given["authority"]),
    };
  });
}

const connectKeys: ReadonlySet<string> = new Set(
  "plaintext timeout reflect reflectMetadata maxReceiveSize maxSendSize tls authority".split(" "),
);

/**
 * @param what the call, for the message
 * @throws GoError
 */
export function readCallParams(vu: VuContext, params: unknown, what: string): CallParams {
  return within(`invalid ${what} parameters: `, () => {
    const given = toObject(params);
    for (const key of Object.keys(given))
      if (!callKeys.has(key)) fail(`unknown param: ${JSON.stringify(key)}`);
    return {
      metadata: readMetadata(given["metadata"], "metadata"),
      tags: readTags(vu, given["tags"]),
      timeoutMs: readTimeout(given["timeout"]) ?? 0,
      discardsResponse: Boolean(given["discardResponseMessage"]),
    };
  });
}

const callKeys: ReadonlySet<string> = new Set([
  "metadata",
  "tags",
  "timeout",
  "discardResponseMessage",
]);

function within<T>(prefix: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof GoError) throw new GoError(prefix + error.message);
    throw error;
  }
}

function fail(message: string): never {
  throw new GoError(message);
}

/** As JavaScript sees what stands in place of an object: a string has keys, a number has none. */
function toObject(value: unknown): Given {
  return (value === undefined || value === null ? {} : Object(value)) as Given;
}

function readFlag(given: Given, name: string): boolean {
  const value = given[name];
  if (value === undefined) return false;
  if (typeof value === "boolean") return value;
  return fail(`invalid ${name} value: '${shown(value)}', it needs to be boolean`);
}

/** As Go prints it: a string quoted. */
function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : textOf(value);
}

function readTimeout(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return value;
  if (typeof value !== "string")
    return fail(`invalid timeout value: unable to use type ${goTypeOf(value)} as a duration value`);
  const timeoutMs = parseDurationMs(value);
  return (
    timeoutMs ?? fail(`invalid timeout value: time: invalid duration ${JSON.stringify(value)}`)
  );
}

function readSize(given: Given, name: string): number | undefined {
  const value = given[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value))
    return fail(`invalid ${name} value: '${shown(value)}', it needs to be an integer`);
  // The quote that is missing is missing in k6.
  if (value < 0) return fail(`invalid ${name} value: '${value}, it needs to be a positive integer`);
  return value;
}

function readAuthority(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string"
    ? value
    : fail(`invalid authority value: '${shown(value)}', it needs to be a string`);
}

function readMetadata(given: unknown, name: string): Metadata {
  if (given === undefined || given === null) return [];
  if (typeof given !== "object")
    return fail(`invalid ${name} param: must be an object with key-value pairs`);
  return Object.entries(given).map(([key, value]): readonly [string, string | Uint8Array] => {
    const shownKey = JSON.stringify(key);
    if (key.endsWith("-bin")) {
      if (value instanceof Uint8Array) return [key, value];
      return fail(`invalid ${name} param: ${shownKey} value must be binary`);
    }
    if (typeof value === "string") return [key, value];
    return fail(`invalid ${name} param: ${shownKey} value must be a string`);
  });
}

function readTags(vu: VuContext, given: unknown): TagSet {
  if (typeof given !== "object") return vu.tags;
  return within("metric tags: ", () => withCustomTags(vu.tags, given));
}

function readTls(given: unknown): GrpcTls | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "object" || given === null) {
    return fail(
      `invalid tls value: '${shown(given)}', expected (optional) keys: cert, key, password, and cacerts`,
    );
  }
  const tls = given as Given;
  const pem = (name: string): string | undefined => {
    const value = tls[name];
    if (value === undefined || typeof value === "string") return value;
    const whole = Object.entries(tls).map(([key, each]) => `${JSON.stringify(key)}:${shown(each)}`);
    return fail(
      `invalid tls ${name} value: 'map[string]interface {}{${whole.join(", ")}}', it needs to be a PEM formatted string`,
    );
  };
  return {
    cert: pem("cert"),
    key: pem("key"),
    password: pem("password"),
    cacerts: readCacerts(tls["cacerts"]),
  };
}

function readCacerts(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  if (list.every((each): each is string => typeof each === "string")) return list;
  return fail(
    `invalid tls cacerts value: '${textOf(value)}', it needs to be a string or an array of PEM formatted strings`,
  );
}
