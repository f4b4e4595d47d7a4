// conformance: {}
// How options become a scenario: iterations.
import exec from 'k6/execution';
export const options = { vus: 2, iterations: 3 };
export default function () {
  if (exec.scenario.iterationInTest === 0) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
}
export function other() {}
