/** k6 writes the consolidated options into the `options` that each VU's script exports; scripts read them there. */

/** The consolidated options in the script's own object, each VU's values its own (k6-behaviour 1.4). */
export function writeBack(
  exported: unknown,
  values: Readonly<Record<string, unknown>> | undefined,
): void {
  if (values === undefined || typeof exported !== "object" || exported === null) return;
  const target = exported as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "object" || value === null) target[name] = value;
    else if (Object.hasOwn(target, name)) target[name] = structuredClone(value);
    else Object.defineProperty(target, name, copiedWhenRead(name, value));
  }
}

const copiesWhenRead = new WeakMap<object, PropertyDescriptor>();

/** A property that becomes a VU's own copy of `value` when its script first asks; of thousands of VUs hardly one does. */
function copiedWhenRead(name: string, value: object): PropertyDescriptor {
  let descriptor = copiesWhenRead.get(value);
  if (descriptor === undefined) {
    const become = (target: object, own: unknown): unknown => {
      Object.defineProperty(target, name, {
        value: own,
        enumerable: true,
        writable: true,
        configurable: true,
      });
      return own;
    };
    descriptor = {
      get(this: object) {
        return become(this, structuredClone(value));
      },
      set(this: object, own: unknown) {
        become(this, own);
      },
      enumerable: true,
      configurable: true,
    };
    copiesWhenRead.set(value, descriptor);
  }
  return descriptor;
}
