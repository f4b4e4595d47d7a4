// conformance: {"args":["--no-color"],"summaryText":true}
export const options = { vus: 1, iterations: 1 };
export default function () {}
export function handleSummary(data) {
  console.log(JSON.stringify(data.options, Object.keys(data.options).sort()), JSON.stringify(Object.keys(data).sort()), data.setup_data, data.state.isStdOutTTY, data.state.isStdErrTTY);
}
