/** Error codes of `api`; docs/reference/errors.md lists them for users. */
export const apiErrorCodes = {
  API_ADDRESS: "the address of the REST API cannot be listened on",
} as const;

export type ApiErrorCode = keyof typeof apiErrorCodes;
