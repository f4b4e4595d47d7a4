/** Codes of the errors that `plan` throws. */
export const planErrorCodes = {
  PLAN_OPTION_INVALID: "one or more options have a value of the wrong type or out of range",
  PLAN_OPTION_UNREADABLE: "an option of the script is of a type that k6 cannot decode either",
  PLAN_OPTIONS_NOT_JSON: "the exported options cannot be written as JSON",
  PLAN_OPTIONS_CONFLICT: "two options that exclude each other are used at once",
  PLAN_EXEC_MISSING: "a scenario names a function that the script does not export",
  PLAN_DEMAND_INVALID: "an input of the demand calculation is out of range",
  PLAN_DEMAND_INCONSISTENT: "the inputs give two different numbers of concurrent users",
  PLAN_PHASES_INVALID: "the phases of a campaign are none, or one of them cannot be run",
  PLAN_WORKLOAD_INVALID: "an input of the workload calculation is out of range",
} as const;
