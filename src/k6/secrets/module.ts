/** Module `k6/secrets`: `get(key)` from the default source, `source(name).get(key)` from another. There is only a default export. */
import type { VuContext } from "../context.ts";
import { toGoString } from "../go-values.ts";

interface Source {
  get(key: unknown): Promise<string>;
}

interface Secrets extends Source {
  source(name: unknown): Source;
}

/** Builds module `k6/secrets` for one VU. */
export function createSecrets(vu: VuContext): { default: Secrets } {
  const sourceOf = (name: string | undefined): Source => ({
    get: (key) => vu.track(vu.secrets.get(name, toGoString(key))),
  });
  const secrets: Secrets = {
    ...sourceOf(undefined),
    source: (name) => sourceOf(toGoString(name)),
  };
  return Object.defineProperty({}, "default", { value: secrets }) as { default: Secrets };
}
