/** Codes of the errors that end the reference API's start, or that its requests answer with 503. */
export const targetErrorCodes = {
  TARGET_FLAG: "a flag or environment variable of the reference API has an impossible value",
  TARGET_PORT_TAKEN: "another program already listens on the address asked for",
  TARGET_LISTEN: "the address asked for cannot be listened on",
  TARGET_DATABASE_URL: "DATABASE_URL is not a PostgreSQL URL",
  TARGET_DATABASE_UNREACHABLE: "PostgreSQL refuses the connection, or does not answer in time",
  TARGET_MIGRATION: "the database's migrations are not those of this version",
} as const;
