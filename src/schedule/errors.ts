/** Codes of the errors that `schedule` throws. */
export const scheduleErrorCodes = {
  SCHEDULE_SEGMENT_INVALID: "an execution segment or segment sequence is not written as k6 expects",
  SCHEDULE_SEGMENT_NOT_IN_SEQUENCE:
    "the execution segment is not one of the pieces of the sequence",
  SCHEDULE_SEGMENT_TOO_FINE: "the execution segments need a stripe table too large to build",
  SCHEDULE_SCENARIO_INVALID: "one or more scenarios have fields that are missing or wrong",
} as const;
