// conformance: {}
// How options become a scenario: vus-and-scenarios.
import exec from 'k6/execution';
export const options = { vus: 2, scenarios: { a: { executor: 'shared-iterations', iterations: 9 } } };
export default function () {
  if (exec.scenario.iterationInTest === 0) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
}
export function other() {}
