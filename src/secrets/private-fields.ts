/**
 * Which fields of a request or a response are not to be kept, going by their names: what is a secret as a variable, and
 * what identifies a person's session, second factor or card. Masking too much costs a detail, too little a secret.
 */
import { isSecretName } from "./names.ts";

/** Words, beside those of secrets, that make a field one. */
const privateWords: ReadonlySet<string> = new Set(
  "cookies keys session sessionid sess sid jsessionid phpsessid otp totp mfa pin pincode passcode pwd passwort csrf xsrf cvv cvc card cardnumber pan iban ssn signature sig hmac assertion verifier".split(
    " ",
  ),
);

/** Ends of words written together: usersession, phpsessionid. */
const privateEndings = /(?:sessionid|session|cardnumber|passcode|pincode|signature)s?$/u;

/** A last word that says it is something about such a field, and nothing in it. */
const harmlessLastWords: ReadonlySet<string> = new Set(
  "brand count enabled expires expiry length status timeout ttl type".split(" "),
);

/** True for "session_id", "cardNumber", "X-CSRF-Token", "user[password]"; false for "token_type" and "discard". */
export function isPrivateField(name: string): boolean {
  if (isSecretName(name)) return true;
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/gu, "$1_$2")
    .toLowerCase()
    .split(/[^a-z]+/u)
    .filter((word) => word !== "");
  if (harmlessLastWords.has(words.at(-1) ?? "")) return false;
  return words.some((word) => privateWords.has(word) || privateEndings.test(word));
}
