// conformance: {"args":["--iterations","1"]}
// How options become a scenario: cli-over-script.
import exec from 'k6/execution';
export const options = { scenarios: { a: { executor: 'shared-iterations', iterations: 9 } } };
export default function () {
  if (exec.scenario.iterationInTest === 0) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
}
export function other() {}
