/** Takes out of URLs in a text what is secret by its place: the password before the host, and parameters that carry one. */

const password = /([a-z][a-z\d+.-]*:\/\/[^\s/?#:@"']*):(?!\*+@)[^\s/?#@"']+@/giu;

/** `key` alone is too common a name, unless its value is as long as keys are. A `${…}` is the hole of a template. */
const parameter =
  /([?&](?:(?:[a-z]+[_-])?(?:access|auth|id|refresh|session|csrf)?[_-]?token|(?:x[_-])?api[_-]?key|(?:client[_-]?)?secret|password|passwd|passphrase|authorization|auth|jwt|signature|sig|x-amz-(?:signature|security-token|credential)|key(?==[^&#\s"']{16}))=)(?!\$\{|\*\*\*)[^&#\s"'<>]+/giu;

export function maskUrls(text: string): string {
  const masked = text.includes("://") ? text.replaceAll(password, "$1:***@") : text;
  return masked.includes("=") ? masked.replaceAll(parameter, "$1***") : masked;
}
