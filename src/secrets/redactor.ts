/**
 * Takes secrets out of text that people will see. As k6: what a script has been given is replaced wherever it stands, as
 * it is and as it stands in URLs and in JSON; and what is secret by its place in a URL is masked.
 */
import { isSecretName } from "./names.ts";
import { maskUrls } from "./urls.ts";

const replacement = "***SECRET_REDACTED***";

export class Redactor {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | undefined;

  add(secret: string): void {
    if (secret === "" || this.#secrets.has(secret)) return;
    for (const form of [secret, urlText(secret), jsonText(secret)]) this.#secrets.add(form);
    // Of two that begin alike the longer one is looked for first.
    const alternatives = [...this.#secrets]
      .toSorted((a, b) => b.length - a.length)
      .map((value) => value.replaceAll(/[$()*+./?[\\\]^{|}]/gu, "\\$&"));
    this.#pattern = new RegExp(alternatives.join("|"), "gu");
  }

  redact(text: string): string {
    const whole = this.#pattern === undefined ? text : text.replaceAll(this.#pattern, replacement);
    return maskUrls(whole);
  }

  redactFields<T extends Readonly<Record<string, string>>>(fields: T): T {
    const entries = Object.entries(fields).map(([key, value]) => [key, this.redact(value)]);
    return Object.fromEntries(entries) as T;
  }

  /** A copy of plain data in which no text, and no name, shows a secret; texts under a secret's name are one. */
  redactData<T>(data: T): T {
    const names = new Map<string, Name>();
    const nameOf = (given: string): Name => {
      const name = names.get(given) ?? {
        shown: this.redact(given),
        isSecret: isSecretName(given),
      };
      names.set(given, name);
      return name;
    };
    return this.#copy(data, nameOf) as T;
  }

  #copy(value: unknown, nameOf: (given: string) => Name): unknown {
    if (typeof value === "string") return this.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, nameOf));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([given, member]) => {
      const { shown, isSecret } = nameOf(given);
      const isMasked = isSecret && typeof member === "string" && member !== "";
      return [shown, isMasked ? "***" : this.#copy(member, nameOf)];
    });
    return Object.fromEntries(entries);
  }
}

/** A member's name in plain data. */
interface Name {
  readonly shown: string;
  readonly isSecret: boolean;
}

/** As it stands in a URL. */
function urlText(secret: string): string {
  // Half a surrogate pair has no such form: UTF-8 puts a sign in its place.
  return encodeURIComponent(Buffer.from(secret, "utf8").toString("utf8"));
}

/** As it stands between the quotes of a JSON text. */
function jsonText(secret: string): string {
  return JSON.stringify(secret).slice(1, -1);
}
