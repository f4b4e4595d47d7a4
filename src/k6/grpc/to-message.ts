/**
 * From what a script gives to a message: protobuf's JSON mapping, with protojson's words and columns for what is wrong.
 * The value goes through JSON first, as in k6 (a Date is its text, a function is left out), so errors can point into it.
 */
import protobuf from "protobufjs";
import { fullNameOf, type FieldSchema, schemaOf } from "./schema.ts";
import { columnOf, type JsonPath, tokenAt } from "./json-position.ts";
import { parseDuration, parseFieldMask, parseTimestamp, type SecondsNanos } from "./well-known.ts";

/** 64-bit numbers as protobufjs takes them; its types do not say what its class can do. */
const Long = protobuf.util.Long as unknown as {
  fromString(text: string, unsigned?: boolean): unknown;
};

/** What protobufjs encodes. */
type Plain = Record<string, unknown>;

/** Something in the JSON that does not fit. */
class Misfit extends Error {
  readonly path: JsonPath;
  readonly isKey: boolean;
  /** Of the JSON's structure, not of a value. */
  readonly isSyntax: boolean;

  /** @param message where "%" stands, the token of the value is put */
  constructor(
    path: JsonPath,
    message: string,
    flags: { isKey?: boolean; isSyntax?: boolean } = {},
  ) {
    super(message);
    this.path = path;
    this.isKey = flags.isKey ?? false;
    this.isSyntax = flags.isSyntax ?? false;
  }
}

/** The JSON text of a request that cannot be one. */
export class RequestJsonError extends Error {}

/**
 * The bytes of a message.
 * @throws RequestJsonError with protojson's text
 */
export function encodeJson(type: protobuf.Type, value: unknown): Uint8Array {
  const text = textOfRequest(value);
  try {
    return type.encode(toMessage(type, JSON.parse(text), []) as Plain).finish();
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    const where = `(line 1:${columnOf(text, error.path, error.isKey)})`;
    const what = error.message.replace("%", () => tokenAt(text, error.path));
    throw new RequestJsonError(
      error.isSyntax ? `proto: syntax error ${where}: ${what}` : `proto: ${where}: ${what}`,
    );
  }
}

function textOfRequest(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  // JSON has no word for them, but protobuf's JSON has, and k6 keeps them.
  return text.includes("null") ? JSON.stringify(value, nameNonFinite) : text;
}

function nameNonFinite(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function toMessage(type: protobuf.Type, value: unknown, path: JsonPath): unknown {
  const special = specialTypes.get(fullNameOf(type));
  return special === undefined ? toPlainMessage(type, value, path) : special(value, path, type);
}

function unexpected(path: JsonPath): Misfit {
  return new Misfit(path, "unexpected token %", { isSyntax: true });
}

function requireObject(value: unknown, path: JsonPath): Plain {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unexpected(path);
  return value as Plain;
}

function requireList(value: unknown, path: JsonPath): unknown[] {
  if (!Array.isArray(value)) throw unexpected(path);
  return value;
}

function toPlainMessage(type: protobuf.Type, value: unknown, path: JsonPath): Plain {
  const given = requireObject(value, path);
  const schema = schemaOf(type);
  const message: Plain = {};
  const oneofs = new Set<string>();
  for (const key of Object.keys(given)) {
    const at = [...path, key];
    const field = schema.byName.get(key);
    if (field === undefined)
      throw new Misfit(at, `unknown field ${JSON.stringify(key)}`, { isKey: true });
    const item = given[key];
    if (item === null && !takesNull(field)) continue;
    if (field.oneof !== undefined && oneofs.has(field.oneof)) {
      const words = `error parsing ${JSON.stringify(key)}, oneof ${field.oneof} is already set`;
      throw new Misfit(at, words, { isKey: true });
    }
    if (field.oneof !== undefined) oneofs.add(field.oneof);
    message[field.name] = toField(field, item, at);
  }
  return message;
}

/** For all other fields null is "not given". */
function takesNull(field: FieldSchema): boolean {
  if (field.shape !== "single") return false;
  if (field.message !== undefined) return fullNameOf(field.message) === "google.protobuf.Value";
  return field.enumeration !== undefined && isNullEnum(field.enumeration);
}

function isNullEnum(enumeration: protobuf.Enum): boolean {
  return fullNameOf(enumeration) === "google.protobuf.NullValue";
}

function toField(field: FieldSchema, value: unknown, path: JsonPath): unknown {
  if (field.shape === "list")
    return requireList(value, path).map((item, i) => toValue(field, item, [...path, i]));
  return field.shape === "map" ? toMap(field, value, path) : toValue(field, value, path);
}

function toMap(field: FieldSchema, value: unknown, path: JsonPath): unknown {
  const given = requireObject(value, path);
  const named = { ...field, jsonName: "value" };
  const entries = Object.entries(given).map(([key, item]) => {
    const at = [...path, key];
    return { key: toKey(field.keyKind!, key, at), value: toValue(named, item, at) };
  });
  if (field.isEntryList) return entries;
  // Keys as text: protobufjs parses them when it encodes.
  return Object.fromEntries(entries.map((entry) => [String(entry.key), entry.value]));
}

function toKey(kind: string, key: string, path: JsonPath): unknown {
  const fits =
    kind === "string" ||
    (kind === "bool" ? key === "true" || key === "false" : toInteger(kind, key) !== undefined);
  if (!fits)
    throw new Misfit(path, `invalid value for ${kind} key: ${JSON.stringify(key)}`, {
      isKey: true,
    });
  return kind === "bool" ? key === "true" : key;
}

function toValue(field: FieldSchema, value: unknown, path: JsonPath): unknown {
  if (field.message !== undefined) return toMessage(field.message, value, path);
  const converted =
    field.enumeration === undefined
      ? toScalar(field.kind, value)
      : toEnum(field.enumeration, value);
  if (converted === undefined)
    throw new Misfit(path, `invalid value for ${field.kind} field ${field.jsonName}: %`);
  return converted;
}

function toEnum(enumeration: protobuf.Enum, value: unknown): number | undefined {
  if (value === null) return isNullEnum(enumeration) ? 0 : undefined;
  if (typeof value === "string") return enumeration.values[value];
  return toInteger("int32", value) as number | undefined;
}

function toScalar(kind: string, value: unknown): unknown {
  switch (kind) {
    case "string":
      return typeof value === "string" ? value : undefined;
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "bytes":
      return typeof value === "string" ? toBytes(value) : undefined;
    case "double":
    case "float":
      return toFloat(kind, value);
    default:
      return toInteger(kind, value);
  }
}

/** Both alphabets of base64, with or without padding. */
function toBytes(text: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/_-]*={0,2}$/u.test(text) ? Buffer.from(text, "base64") : undefined;
}

const maxFloat = 3.402_823_466_385_288_6e38;
const numberForm = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/iu;

function toFloat(kind: string, value: unknown): number | undefined {
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  if (typeof value === "string" && !numberForm.test(value)) return undefined;
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const number = Number(value);
  if (kind === "float" && Math.abs(number) > maxFloat) return undefined;
  return Number.isFinite(number) ? number : undefined;
}

const bounds: Readonly<Record<string, readonly [bigint, bigint]>> = {
  signed32: [-(2n ** 31n), 2n ** 31n - 1n],
  unsigned32: [0n, 2n ** 32n - 1n],
  signed64: [-(2n ** 63n), 2n ** 63n - 1n],
  unsigned64: [0n, 2n ** 64n - 1n],
};

/** A whole number of the type's range, as protobufjs takes it: a number for 32 bits, a Long for 64. */
function toInteger(kind: string, value: unknown): unknown {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const text = String(value);
  if (!numberForm.test(text)) return undefined;
  const isUnsigned = kind === "uint32" || kind === "uint64" || kind.startsWith("fixed");
  const is64 = kind.endsWith("64");
  const whole = toBigInt(text);
  const [least, most] = bounds[`${isUnsigned ? "un" : ""}signed${is64 ? 64 : 32}`]!;
  if (whole === undefined || whole < least || whole > most) return undefined;
  return is64 ? Long.fromString(String(whole), isUnsigned) : Number(whole);
}

function toBigInt(text: string): bigint | undefined {
  if (/^-?\d+$/u.test(text)) return BigInt(text);
  const number = Number(text);
  return Number.isInteger(number) ? BigInt(number) : undefined;
}

type SpecialForm = (value: unknown, path: JsonPath, type: protobuf.Type) => unknown;

const wrap: SpecialForm = (value, path, type) => {
  const field = schemaOf(type).byName.get("value")!;
  return { value: toValue(field, value, path) };
};

/** A form of text; `parse` gives undefined for what is not of that form. */
function fromText<T>(
  parse: (text: string) => T | undefined,
  build: (parsed: T) => Plain,
): SpecialForm {
  return (value, path, type) => {
    if (typeof value !== "string") throw unexpected(path);
    const parsed = parse(value);
    if (parsed === undefined) throw new Misfit(path, `invalid ${fullNameOf(type)} value %`);
    return build(parsed);
  };
}

const fromSeconds = ({ seconds, nanos }: SecondsNanos): Plain => ({
  seconds: Long.fromString(String(seconds)),
  nanos,
});

const wrapperNames = "Double Float Int64 UInt64 Int32 UInt32 Bool String Bytes".split(" ");

const specialTypes: ReadonlyMap<string, SpecialForm> = new Map([
  ...wrapperNames.map((name): [string, SpecialForm] => [`google.protobuf.${name}Value`, wrap]),
  ["google.protobuf.Timestamp", fromText(parseTimestamp, fromSeconds)],
  ["google.protobuf.Duration", fromText(parseDuration, fromSeconds)],
  ["google.protobuf.FieldMask", fromText(parseFieldMask, (paths) => ({ paths }))],
  ["google.protobuf.Struct", (value, path, type) => toStruct(requireObject(value, path), type)],
  ["google.protobuf.ListValue", (value, path, type) => toList(requireList(value, path), type)],
  ["google.protobuf.Value", (value, _path, type) => toDynamic(value, type)],
  ["google.protobuf.Any", toAny],
]);

/** Names of fields as this schema has them: built-in definitions are in camel case, loaded ones as written. */
function nameIn(type: protobuf.Type, message: string, jsonName: string): string {
  const schema = schemaOf(type.root.lookupType(`google.protobuf.${message}`));
  return schema.byName.get(jsonName)!.name;
}

function toStruct(given: Plain, type: protobuf.Type): Plain {
  const field = schemaOf(type.root.lookupType("google.protobuf.Struct")).byName.get("fields")!;
  const entries = Object.entries(given).map(([key, value]) => ({
    key,
    value: toDynamic(value, type),
  }));
  if (field.isEntryList) return { fields: entries };
  return { fields: Object.fromEntries(entries.map(({ key, value }) => [key, value])) };
}

function toList(given: readonly unknown[], type: protobuf.Type): Plain {
  return { values: given.map((item) => toDynamic(item, type)) };
}

function toDynamic(value: unknown, type: protobuf.Type): Plain {
  const as = (jsonName: string, converted: unknown): Plain => ({
    [nameIn(type, "Value", jsonName)]: converted,
  });
  if (value === null) return as("nullValue", 0);
  if (typeof value === "number") return as("numberValue", value);
  if (typeof value === "string") return as("stringValue", value);
  if (typeof value === "boolean") return as("boolValue", value);
  return Array.isArray(value)
    ? as("listValue", toList(value, type))
    : as("structValue", toStruct(value as Plain, type));
}

function toAny(value: unknown, path: JsonPath, type: protobuf.Type): Plain {
  const given = requireObject(value, path);
  const { "@type": url, ...rest } = given;
  if (url === undefined && Object.keys(rest).length === 0) return {};
  if (typeof url !== "string") throw new Misfit(path, 'missing "@type" field');
  const inner = findType(type.root, url.slice(url.lastIndexOf("/") + 1));
  if (inner === undefined) {
    const words = `unable to resolve ${JSON.stringify(url)}: "not found"`;
    throw new Misfit([...path, "@type"], words);
  }
  const message = specialTypes.has(fullNameOf(inner))
    ? toMessage(inner, rest["value"], [...path, "value"])
    : toPlainMessage(inner, rest, path);
  return { type_url: url, value: inner.encode(message as Plain).finish() };
}

/** The message type of this name, if the schema has it. */
export function findType(root: protobuf.Root, name: string): protobuf.Type | undefined {
  const found = root.lookup(name);
  return found instanceof protobuf.Type ? found : undefined;
}
