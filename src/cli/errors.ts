/** Error codes of `cli`; docs/reference/errors.md lists them for users. */
export const cliErrorCodes = {
  ARCHIVE_NOT_WRITTEN: "the file that -O names cannot be written",
  DOCTOR_TARGET: "what lakh doctor is to look at begins like a URL and is none",
  CHECK_RULE_UNKNOWN: "--rule or --ignore of lakh check names a rule that does not exist",
  FLAG_COMPATIBILITY_MODE: "--compatibility-mode got a mode that k6 does not have",
  CONFIG_SOURCE: "the config file names a source of readings that the command cannot read",
  ENV_BOOLEAN: "an environment variable that is true or false has another value",
  ENV_WORKERS: "LAKH_WORKERS is neither a whole number above 0 nor auto",
  FLAG_BOOLEAN: "a flag that is true or false got something else",
  FLAG_OBJECTIVE: "--objective got something that is not p(N)<time, errors<share or cpu<share",
  FLAG_OBSERVE: "a flag about Prometheus is given without --observe-prometheus",
  FLAG_PAIR: "a flag that takes NAME=value got something else",
  FLAG_UNSUPPORTED: "a flag of k6 asks for something that lakh cannot do",
  NEW_EXISTS: "lakh new does not overwrite a file without --force",
  NEW_PROJECT: "--project-id is not a whole number",
  NEW_TEMPLATE: "--template names neither a template of lakh nor a file that can be read",
  PLAN_COST: "lakh plan cannot tell what a request costs the generator",
  NO_DAU: "neither --dau nor the config file says how many daily users there are",
  FLAG_LOG_OUTPUT: "--log-output, or K6_LOG_OUTPUT, cannot be read, or the file cannot be opened",
  SCRIPT_NOT_NAMED: "the script stands neither on the command line nor in the config file",
  FLAG_SUMMARY_MODE: "--summary-mode, or K6_SUMMARY_MODE, is not compact, full or disabled",
  FLAG_STAGE: "--stage got something that is not duration:target",
} as const;

export type CliErrorCode = keyof typeof cliErrorCodes;
