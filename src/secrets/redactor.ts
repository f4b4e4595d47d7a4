/** Takes secrets out of text that people will see. As k6: what a script has been given is replaced wherever it stands. */

const replacement = "***SECRET_REDACTED***";

export class Redactor {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | undefined;

  add(secret: string): void {
    if (secret === "" || this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    const alternatives = Array.from(this.#secrets, (value) =>
      value.replaceAll(/[$()*+./?[\\\]^{|}]/gu, "\\$&"),
    );
    this.#pattern = new RegExp(alternatives.join("|"), "gu");
  }

  redact(text: string): string {
    return this.#pattern === undefined ? text : text.replaceAll(this.#pattern, replacement);
  }

  redactFields<T extends Readonly<Record<string, string>>>(fields: T): T {
    if (this.#pattern === undefined) return fields;
    const entries = Object.entries(fields).map(([key, value]) => [key, this.redact(value)]);
    return Object.fromEntries(entries) as T;
  }
}
