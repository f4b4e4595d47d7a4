/**
 * Secrets in what was recorded: values under telling names (Authorization, Cookie, password, api_key …) and tokens by
 * their look. Each becomes an environment variable; the same value under the same name becomes the same one.
 */
import { type Json, type Text, Variable } from "./api.ts";

const secretName =
  /authori[sz]ation|cookie|passw|passwd|secret|token|api[-_]?key|^key$|session|csrf|xsrf|signature|^sig$|credential|^auth$|x-auth|otp|^pin$|private/iu;
/** JSON web tokens, and texts with the well-known prefixes of services' keys. */
const secretLook =
  /eyJ[\w-]{8,}\.[\w-]+\.?[\w-]*|\b(?:sk|pk|rk)_(?:live|test)_\w{8,}|\bgh[pousr]_\w{20,}|\bxox[abp]-[\w-]{10,}|\bAKIA[A-Z0-9]{16}\b/gu;

export class SecretStore {
  readonly #names = new Map<string, string>();
  readonly #meanings = new Map<string, string>();

  /** The variables so far. */
  get variables(): { name: string; meaning: string }[] {
    return [...this.#meanings].map(([name, meaning]) => ({ name, meaning }));
  }

  /** A variable for a value that stood under a name; `meaning` is for people. */
  take(name: string, value: string, meaning: string): Variable {
    const identity = `${name}\u0000${value}`;
    const known = this.#names.get(identity);
    if (known !== undefined) return new Variable(known);
    const base = variableName(name);
    let variable = base;
    const isTaken = (): boolean => variable === "BASE_URL" || this.#meanings.has(variable);
    for (let number = 2; isTaken(); number++) variable = `${base}_${number}`;
    this.#names.set(identity, variable);
    this.#meanings.set(variable, meaning);
    return new Variable(variable);
  }

  /** The value of a header, a query parameter or a field: as it is, or with variables in place of secrets. */
  hide(name: string, value: string, where: string): Text {
    const isEmpty = value === "";
    if (!isEmpty && secretName.test(name)) return [this.take(name, value, `${where} ${name}`)];
    return this.hideTokens(value, name, where);
  }

  /** A text with variables in place of what looks like a token. */
  hideTokens(text: string, name: string, where: string): Text {
    const pieces: (string | Variable)[] = [];
    let from = 0;
    for (const match of text.matchAll(secretLook)) {
      if (match.index > from) pieces.push(text.slice(from, match.index));
      pieces.push(this.take(`${name}_token`, match[0], `a token in ${where} ${name}`));
      from = match.index + match[0].length;
    }
    if (from < text.length || pieces.length === 0) pieces.push(text.slice(from));
    return pieces;
  }

  hideInJson(value: unknown, name = "body"): Json {
    if (Array.isArray(value)) return value.map((each) => this.hideInJson(each, name));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, this.hideInJson(inner, key)]),
      );
    }
    const isSecret =
      secretName.test(name) && (typeof value === "string" || typeof value === "number");
    if (isSecret && value !== "") return this.take(name, String(value), `the field ${name}`);
    if (typeof value !== "string") return value as Json;
    const [piece = "", ...more] = this.hideTokens(value, name, "the field");
    // A token inside of a longer text: the whole text becomes a variable.
    return more.length === 0 ? piece : this.take(name, value, `the field ${name}`);
  }
}

/** "X-Api-Key" is X_API_KEY. */
export function variableName(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/gu, "$1_$2")
    .replace(/[^A-Za-z\d]+/gu, "_")
    .replace(/^_+|_+$/gu, "")
    .toUpperCase();
  return /^[A-Z]/u.test(words) ? words : `VALUE_${words}`;
}
