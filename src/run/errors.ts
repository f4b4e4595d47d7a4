/** Error codes of `run`; docs/reference/errors.md lists them for users. */
export const runErrorCodes = {
  CONFIG_FILE: "the file given with --config is missing or is not JSON",
  DEMAND_OVERRIDDEN: "flags or K6_ variables set another load than the one that --dau computes",
  PROBE_FAILED:
    "the trial iterations before a --dau run did not work, so its load cannot be computed",
  SCRIPT_TYPE: "--type is neither js nor archive",
  TARGET_START: "the reference API did not start",
} as const;

export type RunErrorCode = keyof typeof runErrorCodes;
