/**
 * Every way in which a script can be refused before it runs.
 * A script that is at fault ends the process with k6's 107; a script that is missing, or exports nothing to run, with 255.
 */

/** Error codes of the `script` folder with their one-line meanings. */
export const scriptErrorCodes = {
  SCRIPT_NOT_FOUND: "the script file does not exist or cannot be read",
  SCRIPT_ARCHIVE: "an archive cannot be read, or a script cannot be archived",
  SCRIPT_SYNTAX: "the script, or a module it imports, cannot be parsed or bundled",
  SCRIPT_MODULE_NOT_FOUND: "an import names a file or package that cannot be found",
  SCRIPT_MODULE_UNKNOWN: "an import names a k6 module that lakh does not have",
  SCRIPT_MODULE_SCHEME: "an import uses a scheme other than https or file",
  SCRIPT_REMOTE_OFFLINE: "an https import is not in the cache and the network may not be used",
  SCRIPT_REMOTE_FAILED: "an https import could not be fetched",
  SCRIPT_BLOCKING: "a blocking call stands where the script cannot be made to wait for it",
  SCRIPT_NO_FUNCTIONS: "the script exports no function to run",
  SCRIPT_EXPORT_NOT_FUNCTION: "setup, teardown or handleSummary is exported but is not a function",
} as const;

/** A code of {@link scriptErrorCodes}. */
export type ScriptErrorCode = keyof typeof scriptErrorCodes;
