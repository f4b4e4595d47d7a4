// conformance: {"env":{"K6_NEW_MACHINE_READABLE_SUMMARY":"T"},"args":["--summary-export","own.json"]}
export const options = { vus: 1, iterations: 1 };
export default function () {}
export function handleSummary(data) {
  console.log(JSON.stringify(data.results.checks), data.results.metrics.map(({ name }) => name).sort().join());
}
