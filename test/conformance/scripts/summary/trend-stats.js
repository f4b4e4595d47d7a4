// conformance: {"args":["--summary-trend-stats","avg,p(99),count,max","--summary-time-unit","s"],"summaryText":true}
import { Trend } from "k6/metrics";

const trend = new Trend("a_trend");
export const options = { vus: 1, iterations: 1 };

export default function () {
  for (let n = 0; n < 3; n++) trend.add(7);
}

export function handleSummary(data) {
  const { a_trend, iteration_duration } = data.metrics;
  console.log(JSON.stringify(Object.keys(iteration_duration.values).sort()), JSON.stringify(a_trend.values, Object.keys(a_trend.values).sort()));
  console.log(JSON.stringify(data.options, Object.keys(data.options).sort()));
}
