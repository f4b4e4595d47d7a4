// conformance: {"sorted":true}
// The segment as an option of the script.
import exec from 'k6/execution';
export const options = { executionSegment: '1/4:1', executionSegmentSequence: '0,1/4,1', scenarios: { a: { executor: 'per-vu-iterations', vus: 8, iterations: 1 } } };
export default function () {
  console.log(exec.vu.idInInstance, exec.vu.idInTest);
}
