/** Door of `secrets`: where secrets come from (`--secret-source`), and keeping them out of what is shown. */
export { concealArguments } from "./command-line.ts";
export { secretsErrorCodes } from "./errors.ts";
export { secretValues } from "./names.ts";
export { maskHeader, maskPrivateUrl, maskText } from "./private-text.ts";
export { Redactor } from "./redactor.ts";
export { parseSecretSources, type SecretSource } from "./sources.ts";
export type { UrlConfig } from "./url-config.ts";
