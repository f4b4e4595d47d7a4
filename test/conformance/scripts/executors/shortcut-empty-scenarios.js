// conformance: {}
// How options become a scenario: empty-scenarios.
import exec from 'k6/execution';
export const options = { scenarios: {} };
export default function () {
  if (exec.scenario.iterationInTest === 0) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
}
export function other() {}
