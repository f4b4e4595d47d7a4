// conformance: {"args":["--new-machine-readable-summary","--summary-mode","full","--summary-export","own.json"]}
import { check, group } from "k6";
import http from "k6/http";
import { Counter, Gauge, Rate, Trend } from "k6/metrics";

const counter = new Counter("a_counter");
const gauge = new Gauge("a_gauge");
const rate = new Rate("a_rate");
const trend = new Trend("a_trend");

export const options = { vus: 1, iterations: 2, thresholds: { "a_counter{kind:x}": ["count>0"] }, summaryTrendStats: ["avg", "p(90)", "p(99)"] };

export function setup() {
  return { seen: true };
}

export default function () {
  http.get(`${__ENV.BASE_URL}/status/200`);
  counter.add(2, { kind: "x" });
  gauge.add(7);
  rate.add(__ITER);
  trend.add(5);
  group("a", () => check(1, { one: () => true, two: () => __ITER === 0 }));
}

// What k6 hands over are objects of its own: as JSON they are plain.
export function handleSummary(given) {
  const data = JSON.parse(JSON.stringify(given));
  const { version, config, metadata, results } = data;
  console.log(version, config.execution, typeof config.duration, config.script.length > 100, metadata.k6_version, typeof metadata.generated_at);
  console.log(JSON.stringify(results.checks));
  const listed = results.metrics.filter(({ name }) => !/^vus|_duration|^data_|^http_req_[bcstwr]/.test(name)).map((metric) => JSON.stringify(metric));
  console.log(results.metrics.map(({ name }) => name).filter((name) => !name.startsWith("vus")).sort().join());
  for (const line of listed.sort()) console.log(line);
  console.log(typeof data.metrics, typeof data.root_group, typeof data.setup_data);
  return {};
}
