/**
 * What the JSON mapping needs to know of message types, worked out once a type: fields by their JSON and proto names,
 * which of them have presence, map entries, enums by name. Over the reflection objects of protobufjs.
 */
import protobuf from "protobufjs";
import { toLowerCamel } from "./well-known.ts";

/** A field of a message. */
export interface FieldSchema {
  /** As in the .proto file, and in the objects of protobufjs. */
  readonly name: string;
  readonly jsonName: string;
  /** A scalar type's name; "message" or "enum". */
  readonly kind: string;
  readonly shape: "single" | "list" | "map";
  /** Type of the keys of a map. */
  readonly keyKind: string | undefined;
  readonly message: protobuf.Type | undefined;
  readonly enumeration: protobuf.Enum | undefined;
  /** The oneof that it is a member of, in full; undefined for none and for `optional`. */
  readonly oneof: string | undefined;
  /** Left out of JSON when unset; otherwise it is shown as zero, empty or null. */
  readonly isOmittedWhenUnset: boolean;
  /** Unset and zero differ, outside of messages and oneofs (proto2). */
  readonly hasPresence: boolean;
  /** A map whose entries are messages of their own, as descriptors describe maps. */
  readonly isEntryList: boolean;
}

/** A message type. */
export interface MessageSchema {
  readonly fullName: string;
  readonly fields: readonly FieldSchema[];
  /** By either name. */
  readonly byName: ReadonlyMap<string, FieldSchema>;
}

const schemas = new WeakMap<protobuf.Type, MessageSchema>();

/** The schema of a type, made when it is first asked for. */
export function schemaOf(type: protobuf.Type): MessageSchema {
  let schema = schemas.get(type);
  if (schema === undefined) {
    const fields = type.fieldsArray.map((field) => describe(field.resolve()));
    const byName = new Map<string, FieldSchema>();
    for (const field of fields) byName.set(field.name, field);
    for (const field of fields) byName.set(field.jsonName, field);
    schema = { fullName: fullNameOf(type), fields, byName };
    schemas.set(type, schema);
  }
  return schema;
}

/** Without the dot that protobufjs puts before it. */
export function fullNameOf(part: protobuf.ReflectionObject): string {
  return part.fullName.replace(/^\./u, "");
}

function describe(field: protobuf.Field): FieldSchema {
  const entry = entryOf(field);
  const value = entry?.fields["value"]?.resolve() ?? field;
  const { resolvedType } = value;
  const message = resolvedType instanceof protobuf.Type ? resolvedType : undefined;
  const enumeration = resolvedType instanceof protobuf.Enum ? resolvedType : undefined;
  const { partOf } = field;
  const isOptional = partOf !== null && isSynthetic(partOf, field);
  return {
    name: field.name,
    jsonName: jsonNameOf(field),
    kind: kindOf(value),
    shape: shapeOf(field, entry),
    keyKind: field.map
      ? (field as unknown as protobuf.MapField).keyType
      : entry?.fields["key"]?.type,
    message,
    enumeration,
    oneof: partOf === null || isOptional ? undefined : fullNameOf(partOf),
    isOmittedWhenUnset: partOf !== null,
    hasPresence: field.hasPresence,
    isEntryList: entry !== undefined,
  };
}

function kindOf({ resolvedType, type }: protobuf.Field): string {
  if (resolvedType instanceof protobuf.Type) return "message";
  return resolvedType instanceof protobuf.Enum ? "enum" : type;
}

function shapeOf(field: protobuf.Field, entry: protobuf.Type | undefined): FieldSchema["shape"] {
  if (field.map || entry !== undefined) return "map";
  return field.repeated ? "list" : "single";
}

/** The type of a map's entries, as descriptors describe maps. */
function entryOf({ repeated, resolvedType }: protobuf.Field): protobuf.Type | undefined {
  if (!repeated || !(resolvedType instanceof protobuf.Type)) return undefined;
  return resolvedType.getOption("map_entry") === true ? resolvedType : undefined;
}

/** The oneof that stands behind `optional`. */
function isSynthetic(oneof: protobuf.OneOf, field: protobuf.Field): boolean {
  return oneof.oneof.length === 1 && oneof.name === `_${field.name}`;
}

function jsonNameOf(field: protobuf.Field): string {
  const { options } = field as { options?: Record<string, unknown> };
  const given = options?.["json_name"] ?? options?.["jsonName"];
  return typeof given === "string" && given !== "" ? given : toLowerCamel(field.name);
}
