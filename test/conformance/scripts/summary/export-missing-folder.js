// conformance: {"args":["--summary-export","nowhere/own.json"]}
export const options = { vus: 1, iterations: 1 };
export default function () {}
export function handleSummary() {
  return { "kept.txt": "kept" };
}
