/**
 * The methods that a client knows, and where they come from: .proto files, a protoset, server reflection.
 * What is read from files is read once a worker: the VUs share it, as nothing in it changes.
 */
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { createRequire } from "node:module";
import protobuf from "protobufjs";
import { GoError } from "../errors.ts";
import { buildRoot, decodeFileSet, type FileDescriptor } from "./descriptors.ts";
import { fullNameOf } from "./schema.ts";

/** A method, in the shape that `load` gives scripts. */
export interface MethodInfo {
  readonly package: string;
  readonly service: string;
  readonly full_method: string;
  readonly name: string;
  readonly is_client_stream: boolean;
  readonly is_server_stream: boolean;
}

/** A method that can be called. */
export interface Method {
  readonly info: MethodInfo;
  readonly requestType: protobuf.Type;
  readonly responseType: protobuf.Type;
}

/** Methods by "/package.Service/Name". */
export type Methods = ReadonlyMap<string, Method>;

const byRequest = new Map<string, Methods>();
let hasCommonTypes = false;

/**
 * Reads .proto files.
 * @param folders absolute, searched in turn
 * @throws GoError
 */
export function loadProtoFiles(folders: readonly string[], files: readonly string[]): Methods {
  return once(JSON.stringify([folders, files]), () => {
    addCommonTypes();
    const root = new protobuf.Root();
    root.resolvePath = (_origin, target) => resolveFile(folders, target);
    const paths = files.map((file) => {
      const path = folders.map((folder) => join(folder, file)).find((each) => existsSync(each));
      return path ?? failMissing(join(folders[0] ?? "", file));
    });
    try {
      root.loadSync(paths, { keepCase: true }).resolveAll();
    } catch (error) {
      throw new GoError((error as Error).message);
    }
    return collectMethods(root, new Set(paths));
  });
}

/** Reads a FileDescriptorSet, as `protoc --descriptor_set_out` writes it. @throws GoError */
export function loadProtoset(path: string): Methods {
  return once(path, () => {
    if (!existsSync(path))
      throw new GoError(`couldn't open protoset: stat ${path}: no such file or directory`);
    let files: readonly FileDescriptor[];
    try {
      files = decodeFileSet(readFileSync(path));
    } catch (error) {
      throw new GoError(`couldn't unmarshal protoset file ${path}: ${(error as Error).message}`);
    }
    return methodsOf(files);
  });
}

/** The methods of described files. */
export function methodsOf(files: readonly FileDescriptor[]): Methods {
  try {
    return collectMethods(buildRoot(files), undefined);
  } catch (error) {
    throw new GoError((error as Error).message);
  }
}

function once(key: string, read: () => Methods): Methods {
  let methods = byRequest.get(key);
  if (methods === undefined) {
    methods = read();
    byRequest.set(key, methods);
  }
  return methods;
}

function failMissing(path: string): never {
  throw new GoError(`stat ${path}: no such file or directory`);
}

function resolveFile(folders: readonly string[], target: string): string {
  if (isAbsolute(target) && existsSync(target)) return target;
  const found = folders.map((folder) => join(folder, target)).find((path) => existsSync(path));
  // What is nowhere may be one of Google's own, which protobufjs brings along by this name.
  return found ?? target;
}

/** Google's own files beside those that protobufjs knows without being told. */
function addCommonTypes(): void {
  if (hasCommonTypes) return;
  hasCommonTypes = true;
  const require = createRequire(import.meta.url);
  for (const name of ["api", "descriptor", "source_context", "type"]) {
    const json = require(`protobufjs/google/protobuf/${name}.json`) as {
      nested: { google: { nested: { protobuf: { nested: object } } } };
    };
    protobuf.common(name, json.nested.google.nested.protobuf.nested as never);
  }
}

/** @param paths of the files whose services count, as k6 shows only those that were named; undefined: all */
function collectMethods(root: protobuf.Root, paths: ReadonlySet<string> | undefined): Methods {
  const methods = new Map<string, Method>();
  const visit = (part: protobuf.ReflectionObject): void => {
    if (part instanceof protobuf.Service) {
      if (paths === undefined || part.filename === null || paths.has(part.filename))
        addService(methods, part);
      return;
    }
    if (part instanceof protobuf.Namespace) for (const each of part.nestedArray) visit(each);
  };
  visit(root);
  return methods;
}

function addService(methods: Map<string, Method>, service: protobuf.Service): void {
  for (const method of service.methodsArray) {
    method.resolve();
    const fullMethod = `/${fullNameOf(service)}/${method.name}`;
    methods.set(fullMethod, {
      info: {
        package: service.parent === null ? "" : fullNameOf(service.parent),
        service: service.name,
        full_method: fullMethod,
        name: method.name,
        is_client_stream: method.requestStream === true,
        is_server_stream: method.responseStream === true,
      },
      requestType: method.resolvedRequestType!,
      responseType: method.resolvedResponseType!,
    });
  }
}
