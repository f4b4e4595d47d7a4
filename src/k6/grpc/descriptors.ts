/**
 * From file descriptors (a protoset, server reflection) to the reflection objects of protobufjs, by way of its JSON form.
 * protobufjs' own converter knows neither JSON names nor maps of descriptors, so this one keeps both.
 */
import { createRequire } from "node:module";
import protobuf from "protobufjs";

interface Named {
  readonly name: string;
}

interface FieldDescriptor extends Named {
  readonly number: number;
  readonly label: number;
  readonly type: number;
  readonly typeName: string;
  readonly jsonName: string;
  readonly oneofIndex: number;
  readonly proto3Optional: boolean;
  readonly options: { readonly packed?: boolean } | null;
}

interface EnumDescriptor extends Named {
  readonly value: readonly (Named & { readonly number: number })[];
}

interface MessageDescriptor extends Named {
  readonly field: readonly FieldDescriptor[];
  readonly nestedType: readonly MessageDescriptor[];
  readonly enumType: readonly EnumDescriptor[];
  readonly oneofDecl: readonly Named[];
  readonly options: { readonly mapEntry?: boolean } | null;
}

interface ServiceDescriptor extends Named {
  readonly method: readonly (Named & {
    readonly inputType: string;
    readonly outputType: string;
    readonly clientStreaming: boolean;
    readonly serverStreaming: boolean;
  })[];
}

/** A file as protoc describes it. */
export interface FileDescriptor extends Named {
  readonly package: string;
  readonly dependency: readonly string[];
  readonly syntax: string;
  readonly messageType: readonly MessageDescriptor[];
  readonly enumType: readonly EnumDescriptor[];
  readonly service: readonly ServiceDescriptor[];
}

/** By the numbers of FieldDescriptorProto.Type; groups (10) are not supported by gRPC's JSON. */
const typeNames: readonly string[] =
  ", double float int64 uint64 int32 fixed64 fixed32 bool string group message bytes uint32 enum sfixed32 sfixed64 sint32 sint64"
    .split(" ")
    .map((name) => name.replace(",", ""));

const repeatedLabel = 3;
const requiredLabel = 2;

let descriptorRoot: protobuf.Root | undefined;

function lookupDescriptor(name: string): protobuf.Type {
  descriptorRoot ??= protobuf.Root.fromJSON(
    createRequire(import.meta.url)(
      "protobufjs/google/protobuf/descriptor.json",
    ) as protobuf.INamespace,
  );
  return descriptorRoot.lookupType(`google.protobuf.${name}`);
}

/** Decodes one FileDescriptorProto. */
export function decodeFile(bytes: Uint8Array): FileDescriptor {
  return lookupDescriptor("FileDescriptorProto").decode(bytes) as unknown as FileDescriptor;
}

/** Decodes a FileDescriptorSet. @throws Error for bytes that are none */
export function decodeFileSet(bytes: Uint8Array): readonly FileDescriptor[] {
  const set = lookupDescriptor("FileDescriptorSet").decode(bytes) as unknown as {
    file: readonly FileDescriptor[];
  };
  return set.file;
}

/** One root that holds all of `files`. */
export function buildRoot(files: readonly FileDescriptor[]): protobuf.Root {
  const top: protobuf.INamespace = { nested: {} };
  for (const file of files) {
    const nested = nestedOf(top, file.package);
    const edition = file.syntax === "proto3" ? "proto3" : "proto2";
    for (const message of file.messageType) nested[message.name] = messageJson(message, edition);
    for (const each of file.enumType) nested[each.name] = enumJson(each, edition);
    for (const service of file.service) nested[service.name] = serviceJson(service);
  }
  return protobuf.Root.fromJSON(top).resolveAll() as protobuf.Root;
}

function nestedOf(top: protobuf.INamespace, path: string): Record<string, object> {
  let namespace = top as { nested?: Record<string, object> };
  for (const name of path.split(".").filter((part) => part !== "")) {
    const nested = (namespace.nested ??= {});
    namespace = (nested[name] ??= { nested: {} }) as { nested?: Record<string, object> };
  }
  return (namespace.nested ??= {});
}

function messageJson(message: MessageDescriptor, edition: string): protobuf.IType {
  const nested: Record<string, object> = {};
  for (const each of message.nestedType) nested[each.name] = messageJson(each, edition);
  for (const each of message.enumType) nested[each.name] = enumJson(each, edition);
  const oneofs = message.oneofDecl.map(({ name }, index) => ({
    name,
    oneof: message.field
      .filter((field) => Object.hasOwn(field, "oneofIndex") && field.oneofIndex === index)
      .map((field) => field.name),
  }));
  return {
    edition,
    fields: Object.fromEntries(
      message.field.map((field) => [field.name, fieldJson(field, edition)]),
    ),
    oneofs: Object.fromEntries(oneofs.map(({ name, oneof }) => [name, { oneof }])),
    nested,
    ...(message.options?.mapEntry === true ? { options: { map_entry: true } } : {}),
  } as unknown as protobuf.IType;
}

function fieldJson(field: FieldDescriptor, edition: string): protobuf.IField {
  const isRepeated = field.label === repeatedLabel;
  const type = field.typeName === "" ? typeNames[field.type]! : field.typeName;
  const isPacked = field.options?.packed ?? edition === "proto3";
  return {
    id: field.number,
    type,
    ...(isRepeated ? { rule: "repeated" } : {}),
    ...(field.label === requiredLabel ? { rule: "required" } : {}),
    options: {
      ...(field.jsonName === "" ? {} : { json_name: field.jsonName }),
      ...(isRepeated ? { packed: isPacked } : {}),
      ...(field.proto3Optional ? { proto3_optional: true } : {}),
    },
  } as protobuf.IField;
}

function enumJson(each: EnumDescriptor, edition: string): protobuf.IEnum {
  const values = Object.fromEntries(each.value.map(({ name, number }) => [name, number]));
  return { edition, values } as unknown as protobuf.IEnum;
}

function serviceJson(service: ServiceDescriptor): protobuf.IService {
  const methods = service.method.map((method) => [
    method.name,
    {
      requestType: method.inputType,
      responseType: method.outputType,
      requestStream: method.clientStreaming,
      responseStream: method.serverStreaming,
    },
  ]);
  return { methods: Object.fromEntries(methods) as protobuf.IService["methods"] };
}
