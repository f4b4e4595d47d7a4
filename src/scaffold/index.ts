/** Door of `scaffold`: scripts and config files to start from, made from a description of the user's own API. */
export type { ApiDescription } from "./api.ts";
export { configTemplate } from "./config-template.ts";
export { emitScript } from "./emit.ts";
export { scaffoldErrorCodes } from "./errors.ts";
export { type ApiKind, readApi } from "./read.ts";
