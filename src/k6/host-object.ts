/**
 * What k6 hands to scripts is a Go value behind an object: it has its members and takes no others. A class that extends
 * HostObject is such an object: writing an unknown member is k6's TypeError. The prototype at the end of the chain says
 * so, and nobody who reads known members ever gets there, so this costs nothing.
 */

const refusing: object = new Proxy(
  {},
  {
    set(_target, name): never {
      throw new TypeError(`Cannot assign to property ${String(name)} of a host object`);
    },
  },
);

/** The base of objects that scripts cannot extend. Fields must be declared in the class, or they cannot be written. */
export class HostObject {}

Object.setPrototypeOf(HostObject.prototype, refusing);
// Else the constructor would be listed by for…in, as the members are.
Object.defineProperty(HostObject.prototype, "constructor", { value: Object });

/** Makes the methods of a class what for…in lists and nobody overwrites; to scripts their constructor is Object. */
export function listMembers(prototype: object, except: readonly string[] = []): void {
  Reflect.deleteProperty(prototype, "constructor");
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (except.includes(name)) continue;
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
    Object.defineProperty(
      prototype,
      name,
      "value" in descriptor
        ? { ...descriptor, enumerable: true, writable: false }
        : { ...descriptor, enumerable: true },
    );
  }
}
