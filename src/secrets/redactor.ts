/**
 * Takes secrets out of text that people will see: as they are, as they stand in URLs and as they stand in JSON. In log
 * lines, as k6, all that scripts were given; in what is kept, only those too long to stand there by chance, for a
 * one-letter secret would leave nothing of a name, and what is secret by its place in a URL.
 */
import { isSecretName, minSecretLength } from "./names.ts";
import { maskUrls } from "./urls.ts";

/** Less of a secret than this is worth nothing, and stands at the end of many texts by chance. */
const shortestBeginning = 3;

const replacement = "***SECRET_REDACTED***";

export class Redactor {
  readonly #all = new SecretPattern();
  readonly #long = new SecretPattern();

  add(secret: string): void {
    this.#all.add(secret);
    if (secret.length >= minSecretLength) this.#long.add(secret);
  }

  /** A line of the log. */
  redact(text: string): string {
    return this.#all.replaceIn(text);
  }

  redactFields<T extends Readonly<Record<string, string>>>(fields: T): T {
    const entries = Object.entries(fields).map(([key, value]) => [key, this.redact(value)]);
    return Object.fromEntries(entries) as T;
  }

  /** A text that is kept, or shown as a result. */
  conceal(text: string): string {
    return maskUrls(this.#long.replaceIn(text));
  }

  /** The same of the beginning of a text: what may be the beginning of a secret at its end goes as well. */
  concealBeginning(text: string): string {
    return this.conceal(this.#long.replaceBegun(text));
  }

  /** A copy of plain data in which no text, and no name, shows a secret; texts under a secret's name are one. */
  concealData<T>(data: T): T {
    return this.#copy(data) as T;
  }

  #copy(value: unknown): unknown {
    if (typeof value === "string") return this.conceal(value);
    if (Array.isArray(value)) return value.map((item) => this.#copy(item));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([name, member]) => {
      const isMasked = typeof member === "string" && member !== "" && isSecretName(name);
      return [this.conceal(name), isMasked ? "***" : this.#copy(member)];
    });
    return Object.fromEntries(entries);
  }
}

/** Some secrets, in all their forms. */
class SecretPattern {
  readonly #forms = new Set<string>();
  #pattern: RegExp | undefined;

  add(secret: string): void {
    if (secret === "" || this.#forms.has(secret)) return;
    for (const form of [secret, urlText(secret), jsonText(secret)]) this.#forms.add(form);
    // Of two that begin alike the longer one is looked for first.
    const alternatives = [...this.#forms]
      .toSorted((a, b) => b.length - a.length)
      .map((value) => value.replaceAll(/[$()*+./?[\\\]^{|}]/gu, "\\$&"));
    this.#pattern = new RegExp(alternatives.join("|"), "gu");
  }

  /** `text` without the beginning of a secret that it ends with. */
  replaceBegun(text: string): string {
    for (const form of this.#forms) {
      for (
        let length = Math.min(form.length - 1, text.length);
        length >= shortestBeginning;
        length--
      )
        if (text.endsWith(form.slice(0, length))) return text.slice(0, -length) + replacement;
    }
    return text;
  }

  replaceIn(text: string): string {
    return this.#pattern === undefined ? text : text.replaceAll(this.#pattern, replacement);
  }
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
