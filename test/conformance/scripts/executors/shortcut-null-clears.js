// conformance: {}
// How options become a scenario: null-clears.
import exec from 'k6/execution';
export const options = { duration: null, vus: null, iterations: 1 };
let shown = false;
export default function () {
  if (!shown && __VU === 1) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
  shown = true;
}
export function other() {}
