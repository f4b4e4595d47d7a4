/**
 * An error of k6's host side as scripts catch it from WebCrypto, streams and files: no `Error` by instanceof, but an object with
 * `name` and `message` (or neither), whose text is "name: message".
 */
export class HostError {
  declare readonly name: string | undefined;
  declare readonly message: string | undefined;
  /** The whole text, as in Go. */
  declare readonly error: () => string;

  constructor(name: string | undefined, message: string) {
    const text = name === undefined ? message : `${name}: ${message}`;
    const error = (): string => text;
    Object.assign(this, name === undefined ? { error } : { name, message, error });
  }

  toString(): string {
    return this.error();
  }
}

// To a script it is an object of no class.
Object.defineProperty(HostError.prototype, "constructor", { value: Object });
