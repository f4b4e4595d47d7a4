/**
 * gRPC's status codes and the health states as scripts of k6 see them: objects that compare by `==` with their number,
 * give the number as JSON and the name as text. There is one object a code, so `===` works between them.
 */

import { consoleText } from "../inspect.ts";

const statusNames = [
  "OK",
  "Canceled",
  "Unknown",
  "InvalidArgument",
  "DeadlineExceeded",
  "NotFound",
  "AlreadyExists",
  "PermissionDenied",
  "ResourceExhausted",
  "FailedPrecondition",
  "Aborted",
  "OutOfRange",
  "Unimplemented",
  "Internal",
  "Unavailable",
  "DataLoss",
  "Unauthenticated",
] as const;

/** Numbers of the codes that lakh itself gives. */
export const codes = {
  ok: 0,
  canceled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** A code as an object. */
export interface CodeObject {
  valueOf(): number;
  toString(): string;
}

const byNumber = new Map<number, CodeObject>();

/** The object of a status code; any number has one. */
export function statusObject(code: number): CodeObject {
  let status = byNumber.get(code);
  if (status === undefined) {
    status = createCode(code, statusName(code), ["string", "unmarshalJSON"]);
    byNumber.set(code, status);
  }
  return status;
}

/** Go's name of a code. */
export function statusName(code: number): string {
  return statusNames[code] ?? `Code(${code})`;
}

const healthKeys = ["descriptor", "enum", "enumDescriptor", "number", "string", "type"];
const healthNames = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"] as const;
const healthObjects = healthNames.map((name, number) => createCode(number, name, healthKeys));

/** The object of a health state. */
export function healthObject(state: number): CodeObject {
  return healthObjects[state] ?? createCode(state, String(state), healthKeys);
}

/** All constants of the module, by their k6 names. */
export const constants: Readonly<Record<string, CodeObject>> = {
  ...Object.fromEntries(statusNames.map((name, code) => [`Status${name}`, statusObject(code)])),
  HealthCheckUnknown: healthObject(0),
  HealthCheckServing: healthObject(1),
  HealthCheckNotServing: healthObject(2),
  HealthCheckServiceUnkown: healthObject(3),
};

/** @param keys the Go methods that a script sees when it looks */
function createCode(number: number, name: string, keys: readonly string[]): CodeObject {
  const code: Record<string, unknown> = {};
  for (const key of keys) code[key] = () => (key === "number" ? number : name);
  const shown = `{ ${keys.map((key) => `${key}: [object Function]`).join(", ")} }`;
  const hidden = { valueOf: () => number, toString: () => name, toJSON: () => number };
  for (const [key, value] of Object.entries(hidden)) Object.defineProperty(code, key, { value });
  Object.defineProperty(code, consoleText, { value: shown });
  return Object.freeze(code) as unknown as CodeObject;
}
