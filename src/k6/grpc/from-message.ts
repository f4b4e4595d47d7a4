/**
 * From a decoded message to what k6 shows a script: protobuf's canonical JSON with unset fields as zero, empty or null
 * (protojson's EmitUnpopulated). 64-bit numbers are text, bytes base64, enums names, well-known types their own forms.
 */
import protobuf from "protobufjs";
import { type FieldSchema, fullNameOf, schemaOf } from "./schema.ts";
import {
  formatDuration,
  formatFieldMask,
  formatTimestamp,
  type SecondsNanos,
} from "./well-known.ts";

/** A message as protobufjs decodes it. */
export type Decoded = Readonly<Record<string, unknown>>;

interface LongLike {
  readonly unsigned: boolean;
  toString(): string;
}

/** The JSON value of a message. */
export function messageToJson(type: protobuf.Type, message: Decoded): unknown {
  const special = specialTypes.get(fullNameOf(type));
  return special === undefined ? plainToJson(type, message) : special(message, type);
}

function plainToJson(type: protobuf.Type, message: Decoded): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const field of schemaOf(type).fields) {
    const isSet = Object.hasOwn(message, field.name);
    if (!isSet && field.isOmittedWhenUnset) continue;
    json[field.jsonName] = isSet ? fieldToJson(field, message[field.name]) : unsetToJson(field);
  }
  return json;
}

function unsetToJson(field: FieldSchema): unknown {
  if (field.shape === "list") return [];
  if (field.shape === "map") return {};
  if (field.message !== undefined || field.hasPresence) return null;
  return zeroOf(field);
}

function zeroOf(field: FieldSchema): unknown {
  switch (field.kind) {
    case "string":
    case "bytes":
      return "";
    case "bool":
      return false;
    case "enum":
      return enumToJson(field.enumeration!, 0);
    default:
      return is64Bit(field.kind) ? "0" : 0;
  }
}

function fieldToJson(field: FieldSchema, value: unknown): unknown {
  if (field.shape === "list") return (value as unknown[]).map((item) => valueToJson(field, item));
  return field.shape === "map" ? mapToJson(field, value) : valueToJson(field, value);
}

function mapToJson(field: FieldSchema, value: unknown): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  if (field.isEntryList) {
    for (const entry of value as Decoded[]) {
      const key = entry["key"] ?? (field.keyKind === "string" ? "" : 0);
      json[textOfKey(key)] = valueToJson(field, entry["value"] ?? protoZero(field));
    }
    return json;
  }
  for (const [key, item] of Object.entries(value as Record<string, unknown>)) {
    const shown = is64Bit(field.keyKind!) ? hashedKey(key, field.keyKind!) : key;
    json[shown] = valueToJson(field, item);
  }
  return json;
}

function textOfKey(key: unknown): string {
  // oxlint-disable-next-line typescript/no-base-to-string -- a string, a number, a boolean or a Long
  return String(key);
}

function protoZero(field: FieldSchema): unknown {
  if (field.message !== undefined) return {};
  return field.kind === "string" || field.kind === "bytes" ? "" : 0;
}

/** protobufjs keeps 64-bit keys as eight characters. */
function hashedKey(key: string, kind: string): string {
  const long = protobuf.util.LongBits.fromHash(key).toLong(kind.startsWith("u")) as LongLike;
  return long.toString();
}

function valueToJson(field: FieldSchema, value: unknown): unknown {
  switch (field.kind) {
    case "message":
      return messageToJson(field.message!, value as Decoded);
    case "enum":
      return enumToJson(field.enumeration!, value as number);
    case "bytes":
      return Buffer.from(value as Uint8Array).toString("base64");
    case "double":
      return floatToJson(value as number);
    case "float":
      return floatToJson(shortestFloat(value as number));
    default:
      return is64Bit(field.kind) ? (value as LongLike).toString() : value;
  }
}

function enumToJson(enumeration: protobuf.Enum, number: number): unknown {
  if (fullNameOf(enumeration) === "google.protobuf.NullValue") return null;
  return enumeration.valuesById[number] ?? number;
}

/** JSON has no words for these. */
function floatToJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** The shortest decimal that is this 32-bit float: 0.1 and not 0.10000000149011612. */
function shortestFloat(value: number): number {
  if (!Number.isFinite(value)) return value;
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
}

function is64Bit(kind: string): boolean {
  return kind.endsWith("64");
}

type SpecialForm = (message: Decoded, type: protobuf.Type) => unknown;

/** A wrapper is its value. */
const unwrap: SpecialForm = (message, type) => {
  const field = schemaOf(type).byName.get("value")!;
  return Object.hasOwn(message, "value") ? valueToJson(field, message["value"]) : zeroOf(field);
};

const wrapperNames = "Double Float Int64 UInt64 Int32 UInt32 Bool String Bytes".split(" ");

const specialTypes: ReadonlyMap<string, SpecialForm> = new Map([
  ...wrapperNames.map((name): [string, SpecialForm] => [`google.protobuf.${name}Value`, unwrap]),
  ["google.protobuf.Timestamp", (message) => formatTimestamp(secondsOf(message))],
  ["google.protobuf.Duration", (message) => formatDuration(secondsOf(message))],
  ["google.protobuf.FieldMask", (message) => formatFieldMask((message["paths"] ?? []) as string[])],
  ["google.protobuf.Struct", structToJson],
  ["google.protobuf.ListValue", listToJson],
  ["google.protobuf.Value", dynamicToJson],
  ["google.protobuf.Any", anyToJson],
]);

function secondsOf(message: Decoded): SecondsNanos {
  const seconds = message["seconds"] as LongLike | undefined;
  return {
    seconds: BigInt(seconds === undefined ? 0 : seconds.toString()),
    nanos: (message["nanos"] as number | undefined) ?? 0,
  };
}

function structToJson(message: Decoded, type: protobuf.Type): Record<string, unknown> {
  const field = schemaOf(type).byName.get("fields")!;
  return mapToJson(field, message[field.name] ?? (field.isEntryList ? [] : {}));
}

function listToJson(message: Decoded, type: protobuf.Type): unknown[] {
  const field = schemaOf(type).byName.get("values")!;
  return ((message["values"] ?? []) as unknown[]).map((item) => valueToJson(field, item));
}

/** One of the kinds of a dynamic value is set, or none. */
function dynamicToJson(message: Decoded, type: protobuf.Type): unknown {
  const field = schemaOf(type).fields.find(({ name }) => Object.hasOwn(message, name));
  return field === undefined ? null : valueToJson(field, message[field.name]);
}

/** The message inside, with its type; what the schema does not know cannot be shown. */
function anyToJson(message: Decoded, type: protobuf.Type): unknown {
  const url = message["type_url"] as string | undefined;
  if (!Object.hasOwn(message, "type_url") || url === undefined || url === "") return {};
  const inner = type.root.lookupType(url.slice(url.lastIndexOf("/") + 1));
  const decoded = inner.decode((message["value"] ?? new Uint8Array()) as Uint8Array);
  const json = messageToJson(inner, decoded as unknown as Decoded);
  return specialTypes.has(fullNameOf(inner))
    ? { "@type": url, value: json }
    : { "@type": url, ...(json as object) };
}
