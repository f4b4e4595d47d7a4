// conformance: {"args":["--execution-segment","25%:50%"],"sorted":true}
// Without a sequence the gaps are filled.
import exec from 'k6/execution';
export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 8, iterations: 1 } } };
export default function () {
  console.log(exec.vu.idInInstance, exec.vu.idInTest);
}
