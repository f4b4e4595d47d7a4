/** Error codes of `metrics`; docs/reference/errors.md lists them for users. */
export const metricsErrorCodes = {
  METRIC_NAME: "a metric's name is not one that k6 allows",
  METRIC_TYPE_CONFLICT: "a metric was declared twice with different types",
  THRESHOLD_SYNTAX: "a threshold expression cannot be parsed",
  THRESHOLD_METRIC: "a threshold is defined on a metric that does not exist",
  THRESHOLD_AGGREGATION: "a threshold uses an aggregation that its metric's type does not have",
  TREND_STAT: "a name in summaryTrendStats is not a trend statistic",
} as const;
