/** Codes of the errors that `metrics` throws. docs/reference/errors.md lists the same. */

export const metricsErrorCodes = {
  METRIC_BAD_NAME:
    "a metric's name is not a letter or underscore followed by 1 to 127 letters, digits or underscores",
  METRIC_TYPE_CONFLICT: "a metric is declared again with another type or another kind of values",
  METRIC_LIMITS_CONFLICT:
    "exact counts above a limit were asked for after the metric's first series, or differ between workers",
  METRIC_UNKNOWN_SERIES: "a worker's numbers name a series that was never defined",
  TREND_STAT_UNKNOWN: "a name in summaryTrendStats is not a trend statistic",
  THRESHOLD_BAD_EXPRESSION: "a threshold is not of the form `aggregation operator number`",
  THRESHOLD_BAD_SELECTOR: "a threshold's metric{tag:value} selector cannot be read",
  THRESHOLD_UNKNOWN_METRIC: "a threshold names a metric that does not exist",
  THRESHOLD_BAD_AGGREGATION: "a threshold uses an aggregation that its metric's type does not have",
  THRESHOLD_BAD_DELAY: "a threshold's delayAbortEval is not a duration",
} as const;

/** One of the codes above. */
export type MetricsErrorCode = keyof typeof metricsErrorCodes;
