/** A gRPC server on loopback for feature.proto, with health checks and server reflection. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import * as protoLoader from "@grpc/proto-loader";
import protobuf from "protobufjs";

/** Where feature.proto and its imports are: in the source tree, beside the conformance scripts that load them. */
export const protoFolder: string = fileURLToPath(
  new URL("../../../test/conformance/scripts/grpc/protos", import.meta.url),
);

export interface GrpcServer {
  /** "127.0.0.1:port". */
  readonly address: string;
  /** Metadata of the calls so far, reflection included. */
  readonly metadata: grpc.Metadata[];
  /** Sessions open now. */
  readonly openCount: () => number;
  stop(): void;
}

export interface GrpcServerOptions {
  readonly port?: number;
  readonly credentials?: grpc.ServerCredentials;
  /** Which versions of the reflection protocol there are; both by default. */
  readonly reflection?: readonly ("v1" | "v1alpha")[];
}

const loaderOptions: protoLoader.Options = {
  keepCase: true,
  longs: String,
  enums: Number,
  defaults: false,
  includeDirs: [protoFolder],
};

type Message = Record<string, unknown>;
type Unary = grpc.ServerUnaryCall<Message, Message>;
type Callback = grpc.sendUnaryData<Message>;

export async function startGrpcServer(options: GrpcServerOptions = {}): Promise<GrpcServer> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  const metadata: grpc.Metadata[] = [];
  const definition = protoLoader.loadSync("feature.proto", loaderOptions);
  const health = protoLoader.loadSync("health.proto", loaderOptions);
  server.addService(serviceOf(definition, "lakh.test.v1.Feature"), featureMethods(metadata));
  const plain = protoLoader.loadSync("plain.proto", loaderOptions);
  server.addService(serviceOf(health, "grpc.health.v1.Health"), { Check: checkHealth });
  server.addService(serviceOf(plain, "lakh.plain.v1.Plain"), {
    Mirror: (call: Unary, callback: Callback) => callback(null, call.request),
  });
  // The loader's descriptors have no imports: only services without any can be reflected.
  const files = descriptorFiles({ ...health, ...plain });
  for (const version of options.reflection ?? ["v1", "v1alpha"])
    addReflection(server, version, { files, metadata });
  const credentials = options.credentials ?? grpc.ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${options.port ?? 0}`, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return {
    address: `127.0.0.1:${port}`,
    metadata,
    openCount: () => (server as unknown as { sessions: Map<unknown, unknown> }).sessions.size,
    stop: () => server.forceShutdown(),
  };
}

function serviceOf(
  definition: protoLoader.PackageDefinition,
  name: string,
): grpc.ServiceDefinition {
  return definition[name] as unknown as grpc.ServiceDefinition;
}

function featureMethods(seen: grpc.Metadata[]): grpc.UntypedServiceImplementation {
  return {
    Say: (call: Unary, callback: Callback) => {
      seen.push(call.metadata);
      callback(null, { text: `hello ${textOf(call.request["name"])}` });
    },
    Echo: (call: Unary, callback: Callback) => callback(null, call.request),
    Nothing: (_call: Unary, callback: Callback) => callback(null, {}),
    Fail: (call: Unary, callback: Callback) => callback(statusOf(call.request)),
    Wait: (call: Unary, callback: Callback) => {
      const timer = setTimeout(
        () => callback(null, { text: "late" }),
        Number(call.request["code"]),
      );
      call.on("cancelled", () => clearTimeout(timer));
    },
    Meta: (call: Unary, callback: Callback) => {
      seen.push(call.metadata);
      const echoed = new grpc.Metadata();
      for (const [key, value] of Object.entries(call.metadata.getMap()))
        if (key.startsWith("x-")) echoed.set(`echo-${key}`, value);
      call.sendMetadata(echoed);
      const trailers = new grpc.Metadata();
      trailers.add("trailer-one", "1");
      trailers.add("trailer-one", "2");
      trailers.set("trailer-bin", Buffer.from([1, 2, 250]));
      callback(
        null,
        { text: JSON.stringify(Object.keys(call.metadata.getMap()).sort()) },
        trailers,
      );
    },
    Count: (call: grpc.ServerWritableStream<Message, Message>) => {
      for (let i = 1; i <= 3; i++) call.write({ text: `n${i}`, count: i });
      if (call.request["code"]) call.emit("error", statusOf(call.request));
      else call.end();
    },
    Collect: (call: grpc.ServerReadableStream<Message, Message>, callback: Callback) => {
      const names: unknown[] = [];
      call.on("data", (message: Message) => names.push(message["name"]));
      call.on("end", () => callback(null, { text: names.join(), count: names.length }));
    },
    Chat: (call: grpc.ServerDuplexStream<Message, Message>) => {
      call.on("data", (message: Message) => {
        if (message["name"] === "fail") call.emit("error", statusOf({ code: 3, text: "bad name" }));
        else if (message["name"] === "bye") call.end();
        else call.write({ text: `re ${textOf(message["name"])}` });
      });
      call.on("end", () => call.end());
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function statusOf(request: Message): Partial<grpc.StatusObject> {
  const metadata = new grpc.Metadata();
  metadata.set("x-trailer", "t");
  if (request["with_details"]) metadata.set("grpc-status-details-bin", statusDetails(request));
  return { code: Number(request["code"]), details: textOf(request["text"]), metadata };
}

/** A google.rpc.Status with a string wrapped in an Any, as servers attach them. */
function statusDetails(request: Message): Buffer {
  const { root } = protobuf.parse(`syntax = "proto3";
    message Any { string type_url = 1; bytes value = 2; }
    message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
    message StringValue { string value = 1; }`);
  const value = root.lookupType("StringValue").encode({ value: "why" }).finish();
  const details = [{ type_url: "type.googleapis.com/google.protobuf.StringValue", value }];
  const status = root.lookupType("Status").fromObject({
    code: request["code"],
    message: request["text"],
    details,
  });
  return Buffer.from(root.lookupType("Status").encode(status).finish());
}

function checkHealth(call: Unary, callback: Callback): void {
  const status = { "": 1, up: 1, down: 2 }[textOf(call.request["service"])];
  if (status === undefined) callback({ code: grpc.status.NOT_FOUND, details: "unknown service" });
  else callback(null, { status });
}

/** File descriptors by name, and the file of each symbol. */
interface DescriptorFiles {
  readonly byName: Map<string, Buffer>;
  readonly fileOf: Map<string, string>;
  readonly services: string[];
}

interface MessageDescriptor {
  name: string;
  field: { name: string; typeName: string }[];
  nestedType: MessageDescriptor[];
  options: { mapEntry?: boolean } | null;
}

interface FileDescriptor {
  name: string;
  package: string;
  messageType: MessageDescriptor[];
  enumType: { name: string }[];
  service: { name: string }[];
}

/** FileDescriptorProtos as protoc would write them: the loader names map entries and types otherwise. */
function descriptorFiles(definition: protoLoader.PackageDefinition): DescriptorFiles {
  const type = fileDescriptorType();
  const byName = new Map<string, Buffer>();
  const fileOf = new Map<string, string>();
  const services: string[] = [];
  for (const part of Object.values(definition)) {
    if (!("fileDescriptorProtos" in part)) continue;
    for (const bytes of part.fileDescriptorProtos as Buffer[]) {
      const file = type.decode(bytes) as unknown as FileDescriptor;
      for (const message of file.messageType)
        mendMessage(message, `.${file.package}.${message.name}`);
      byName.set(file.name, Buffer.from(type.encode(file).finish()));
      for (const { name } of [...file.messageType, ...file.enumType, ...file.service])
        fileOf.set(`${file.package}.${name}`, file.name);
    }
  }
  for (const [name, part] of Object.entries(definition))
    if (!("format" in part)) services.push(name);
  // The loader knows no file for a service: it is the one of its first message.
  fileOf.set("lakh.plain.v1.Plain", fileOf.get("lakh.plain.v1.Item")!);
  fileOf.set("grpc.health.v1.Health", fileOf.get("grpc.health.v1.HealthCheckRequest")!);
  return { byName, fileOf, services };
}

function mendMessage(message: MessageDescriptor, fullName: string): void {
  for (const nested of message.nestedType) {
    if (nested.options?.mapEntry !== true) {
      mendMessage(nested, `${fullName}.${nested.name}`);
      continue;
    }
    const field = message.field.find(({ typeName }) => typeName.endsWith(nested.name))!;
    const camel = field.name.replaceAll(/(?:^|_)(.)/gu, (_, letter: string) =>
      letter.toUpperCase(),
    );
    nested.name = `${camel}Entry`;
    field.typeName = `${fullName}.${nested.name}`;
  }
}

/** A FileDescriptorSet of plain.proto, as `protoc --descriptor_set_out` writes it. */
export function plainProtoset(): Uint8Array {
  const { byName } = descriptorFiles(protoLoader.loadSync("plain.proto", loaderOptions));
  const set = protobuf.parse(`syntax = "proto3"; message Set { repeated bytes file = 1; }`);
  return set.root
    .lookupType("Set")
    .encode({ file: [...byName.values()] })
    .finish();
}

function fileDescriptorType(): protobuf.Type {
  const path = fileURLToPath(import.meta.resolve("protobufjs/google/protobuf/descriptor.json"));
  const root = protobuf.Root.fromJSON(
    JSON.parse(readFileSync(path, "utf8")) as protobuf.INamespace,
  );
  return root.lookupType("google.protobuf.FileDescriptorProto");
}

function addReflection(
  server: grpc.Server,
  version: string,
  parts: { files: DescriptorFiles; metadata: grpc.Metadata[] },
): void {
  const { files, metadata } = parts;
  const text = readFileSync(join(protoFolder, "reflection.proto"), "utf8");
  const { root } = protobuf.parse(text.replace("PACKAGE", `grpc.reflection.${version}`), {
    keepCase: true,
  });
  const definition = protoLoader.fromJSON(root.toJSON(), loaderOptions);
  const answer = (request: Message): Message => {
    const byName = request["file_by_filename"] as string | undefined;
    const symbol = request["file_containing_symbol"] as string | undefined;
    if (request["list_services"] !== undefined)
      return { list_services_response: { service: files.services.map((name) => ({ name })) } };
    const name =
      byName ??
      files.fileOf.get(symbol ?? "") ??
      files.fileOf.get((symbol ?? "").replace(/\.[^.]*$/u, ""));
    const bytes = name === undefined ? undefined : files.byName.get(name);
    return bytes === undefined
      ? { error_response: { error_code: 5, error_message: "not found" } }
      : { file_descriptor_response: { file_descriptor_proto: [bytes] } };
  };
  server.addService(serviceOf(definition, `grpc.reflection.${version}.ServerReflection`), {
    ServerReflectionInfo: (call: grpc.ServerDuplexStream<Message, Message>) => {
      metadata.push(call.metadata);
      call.on("data", (request: Message) =>
        call.write({ original_request: request, ...answer(request) }),
      );
      call.on("end", () => call.end());
    },
  });
}
