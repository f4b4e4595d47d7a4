/** Error codes of `scaffold`; docs/reference/errors.md lists them for users. */
export const scaffoldErrorCodes = {
  API_DESCRIPTION: "a description of an API cannot be read: OpenAPI 3, HAR or a Postman collection",
  API_DESCRIPTION_EMPTY: "a description of an API has no request that a script could send",
} as const;

export type ScaffoldErrorCode = keyof typeof scaffoldErrorCodes;
