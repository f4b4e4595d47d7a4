// conformance: {"args":["--iterations","5"]}
// exec.test.abort ends the run; teardown and handleSummary still run.
import exec from 'k6/execution';
export function setup() {
  return 1;
}
export default function () {
  console.log('iteration', exec.scenario.iterationInTest);
  try {
    if (exec.scenario.iterationInTest === 1) exec.test.abort('enough');
    console.log('goes on');
  } catch (error) {
    console.log('caught', error);
  } finally {
    console.log('finally');
  }
}
export function teardown(data) {
  console.log('teardown', data);
}
export function handleSummary(data) {
  console.log('summary', data.metrics.iterations?.values.count);
  return {};
}
