/** Codes of errors that this folder throws. */
export const secretsErrorCodes = {
  SECRET_SOURCE: "a --secret-source cannot be used",
} as const;
