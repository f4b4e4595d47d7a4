/** Error codes of `monitor`; docs/reference/errors.md lists them for users. */
export const monitorErrorCodes = {
  MONITOR_BUSY: "another lakh monitor up or down is at work",
  MONITOR_INTERRUPTED: "lakh monitor up was interrupted; what it had started is stopped again",
  MONITOR_NOTHING: "there is neither Docker Compose nor a Prometheus to make a monitor of",
  MONITOR_PORT: "a port that a flag of lakh monitor up asks for is taken",
  MONITOR_PROMETHEUS_OLD:
    "the installed Prometheus is older than 2.40, which has no native histograms",
  MONITOR_START: "Prometheus, Grafana or Docker Compose did not start",
  MONITOR_STATE: "the file that says what runs, or a file beside it, cannot be read or written",
  MONITOR_STOP: "a part of the monitor cannot be stopped",
} as const;

export type MonitorErrorCode = keyof typeof monitorErrorCodes;
