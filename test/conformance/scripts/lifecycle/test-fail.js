// conformance: {"args":["--iterations","3"]}
// exec.test.fail marks the run as failed, and it goes on.
import exec from 'k6/execution';
export default function () {
  console.log('iteration', exec.scenario.iterationInTest);
  if (exec.scenario.iterationInTest === 0) exec.test.fail('marked');
}
export function handleSummary() {
  console.log('summary');
  return {};
}
