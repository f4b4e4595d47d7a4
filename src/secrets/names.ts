/** Which values are secrets, going by the names they were given under: of variables, of options, of URL parameters. */

/** A word of a name that makes its value one. */
const secretWords: ReadonlySet<string> = new Set([
  "token",
  "secret",
  "password",
  "passwd",
  "passphrase",
  "pass",
  "key",
  "apikey",
  "auth",
  "authorization",
  "credential",
  "credentials",
  "jwt",
  "bearer",
  "cookie",
]);

/** Ends of words written together: ACCESSTOKEN, dbpassword. */
const secretEndings = /(?:token|secret|password|passwd|passphrase|apikey)s?$/u;

/** A last word that says it is something about a secret, or where one is. */
const harmlessLastWords: ReadonlySet<string> = new Set(
  "algorithm dir enabled endpoint expiry file header host id length method mode name path provider scope size sock source ttl type uri url user username".split(
    " ",
  ),
);

/** Shorter values stand in too many texts by chance, and are worth little as secrets. */
export const minSecretLength = 6;

/** True for API_TOKEN, dbPassword, "client-secret"; false for AWS_ACCESS_KEY_ID, SSH_AUTH_SOCK and MONKEY. */
export function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/gu, "$1_$2")
    .toLowerCase()
    .split(/[^a-z]+/u)
    .filter((word) => word !== "");
  if (harmlessLastWords.has(words.at(-1) ?? "")) return false;
  return words.some((word) => secretWords.has(word) || secretEndings.test(word));
}

/** The values in `env` that are secrets by their names. */
export function secretValues(env: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    typeof value === "string" && value.length >= minSecretLength && isSecretName(name)
      ? [value]
      : [],
  );
}
