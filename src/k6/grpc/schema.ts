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
  const { resolvedType } = field;
  const entry =
    field.repeated && resolvedType instanceof protobuf.Type && resolvedType.getOption("map_entry")
      ? resolvedType
      : undefined;
  const value = entry?.fields["value"]?.resolve() ?? field;
  const valueType = value.resolvedType;
  const message = valueType instanceof protobuf.Type ? valueType : undefined;
  const enumeration = valueType instanceof protobuf.Enum ? valueType : undefined;
  const { partOf } = field;
  const isOptional = partOf !== null && isSynthetic(partOf, field);
  const isMap = field.map || entry !== undefined;
  return {
    name: field.name,
    jsonName: jsonNameOf(field),
    kind: message === undefined ? (enumeration === undefined ? value.type : "enum") : "message",
    shape: isMap ? "map" : field.repeated ? "list" : "single",
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

/** The oneof that stands behind `optional`. */
function isSynthetic(oneof: protobuf.OneOf, field: protobuf.Field): boolean {
  return oneof.oneof.length === 1 && oneof.name === `_${field.name}`;
}

function jsonNameOf(field: protobuf.Field): string {
  const { options } = field as { options?: Record<string, unknown> };
  const given = options?.["json_name"] ?? options?.["jsonName"];
  return typeof given === "string" && given !== "" ? given : toLowerCamel(field.name);
}
