/** Error codes of `run`; docs/reference/errors.md lists them for users. */
export const runErrorCodes = {
  CAMPAIGN_CHANGED: "the campaign to resume was planned otherwise: other users, phases or script",
  CAMPAIGN_GATE: "the phase that was asked for comes after one that has not passed",
  CAMPAIGN_PHASE: "--phase names a phase that the campaign does not have",
  CONFIG_FILE: "the file given with --config is missing or is not JSON",
  DEMAND_OVERRIDDEN: "flags or K6_ variables set another load than the one that --dau computes",
  K6_FAILED: "k6 ended before it sent any load; the message is k6's own",
  K6_MISSING: "the runner k6 was asked for and there is no k6",
  K6_TOO_OLD: "the runner k6 was asked for and the k6 that was found is older than version 2",
  OUTPUT_MANY_RUNS:
    "an output that writes one file was asked for in a command that makes several runs",
  PROBE_FAILED:
    "the trial iterations before a --dau run did not work, so its load cannot be computed",
  SCRIPT_TYPE: "--type is neither js nor archive",
  TARGET_START: "the reference API did not start",
} as const;

export type RunErrorCode = keyof typeof runErrorCodes;
