// conformance: {"args":["--summary-mode","disabled"],"stdout":true}
export default function () {}
export function handleSummary() {
  console.log('never');
  return { 'never.txt': 'x' };
}
