/** The secrets of a worker: where they come from, and those that scripts have been given. */
import { HostError } from "../host-error.ts";
import type { SecretSource } from "../../secrets/index.ts";
import { UrlSource } from "./url-source.ts";

export class SecretStore {
  readonly #sources: readonly SecretSource[];
  readonly #onSecret: (value: string) => void;
  readonly #urls = new Map<string, UrlSource>();
  /** By source and key; an endpoint is asked once for each. */
  readonly #given = new Map<string, Promise<string>>();

  /** `onSecret` is told each value before a script gets it. */
  constructor(sources: readonly SecretSource[], onSecret: (value: string) => void) {
    this.#sources = sources;
    this.#onSecret = onSecret;
  }

  /** Rejects with k6's values: a string for a source that is not there, a HostError for all else. */
  get(sourceName: string | undefined, key: string): Promise<string> {
    if (this.#sources.length === 0)
      return Promise.reject(new HostError(undefined, "no secret sources are configured"));
    const source = this.#find(sourceName);
    if (source === undefined)
      return rejectWith(`no secret source with name "${sourceName ?? "default"}" is configured`);
    const id = JSON.stringify([source.name, key]);
    const known = this.#given.get(id);
    if (known !== undefined) return known;
    const given = this.#read(source, key).then((value) => {
      this.#onSecret(value);
      return value;
    });
    this.#given.set(id, given);
    given.catch(() => this.#given.delete(id));
    return given;
  }

  #find(name: string | undefined): SecretSource | undefined {
    return this.#sources.find((source) =>
      name === undefined || name === "default"
        ? source.isDefault || source.name === "default"
        : source.name === name,
    );
  }

  async #read(source: SecretSource, key: string): Promise<string> {
    if (source.kind === "values") {
      if (!Object.hasOwn(source.values, key)) throw new HostError(undefined, "no value");
      return source.values[key]!;
    }
    let url = this.#urls.get(source.name);
    if (url === undefined) this.#urls.set(source.name, (url = new UrlSource(source.config)));
    return url.get(key);
  }
}

function rejectWith(reason: string): Promise<never> {
  // oxlint-disable-next-line prefer-promise-reject-errors -- k6 rejects with the bare text
  return Promise.reject(reason);
}
