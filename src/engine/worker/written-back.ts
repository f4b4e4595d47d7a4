/** k6 writes the consolidated options into the `options` that each VU's script exports; scripts read them there. */
import { lazyProperty } from "../../base/lazy-property.ts";

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
    descriptor = lazyProperty(name, () => structuredClone(value));
    copiesWhenRead.set(value, descriptor);
  }
  return descriptor;
}
