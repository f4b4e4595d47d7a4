/**
 * Properties that are made when somebody first reads them, for objects of which there is one a VU and which scripts see:
 * own and enumerable like any other. The descriptor is shared, so until then such a property takes no memory at all.
 */

/**
 * A property that becomes an ordinary one when it is first read, with what `make` gives, or when it is written.
 * @example Object.defineProperty(target, "console", lazyProperty("console", () => createConsole()));
 */
export function lazyProperty<Owner extends object>(
  name: string,
  make: (owner: Owner) => unknown,
  { enumerable = true }: { readonly enumerable?: boolean } = {},
): PropertyDescriptor {
  const become = (owner: object, value: unknown): unknown => {
    Object.defineProperty(owner, name, { value, enumerable, writable: true, configurable: true });
    return value;
  };
  return {
    get(this: Owner) {
      return become(this, make(this));
    },
    set(this: Owner, value: unknown) {
      become(this, value);
    },
    enumerable,
    configurable: true,
  };
}
