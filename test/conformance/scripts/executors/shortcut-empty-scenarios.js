// conformance: {}
// How options become a scenario: empty-scenarios.
import exec from 'k6/execution';
export const options = { scenarios: {} };
let shown = false;
export default function () {
  if (!shown && __VU === 1) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
  shown = true;
}
export function other() {}
