// conformance: {"files":["a.txt","b.json","c.bin","d.bin"]}
// handleSummary that gives: files.
import { Counter } from 'k6/metrics';
const counter = new Counter('counter');
export default function () {
  counter.add(2);
}
export function handleSummary() {
  console.log('summary');
  return { 'a.txt': 'text', 'b.json': JSON.stringify({ n: 1 }), 'c.bin': new Uint8Array([1, 2, 3]).buffer, 'd.bin': new Uint8Array([65, 66]) };
}
