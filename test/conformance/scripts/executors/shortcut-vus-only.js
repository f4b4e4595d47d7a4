// conformance: {}
// How options become a scenario: vus-only.
import exec from 'k6/execution';
export const options = { vus: 3 };
let shown = false;
export default function () {
  if (!shown && __VU === 1) console.log(exec.scenario.name, exec.scenario.executor, JSON.stringify(Object.entries(exec.test.options.scenarios)));
  shown = true;
}
export function other() {}
